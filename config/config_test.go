package config

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"m365lake/schemas/reports"
)

// The configuration that comes with the program lists every report and every count report, in
// whichever order; a name that stands there twice is a fault of the file.
func TestPipelinesListsEveryReport(t *testing.T) {
	c, err := ReadIfAny("../pipelines.yaml")
	if err != nil {
		t.Fatal(err)
	}
	less := func(a, b string) bool { return a < b }
	if diff := cmp.Diff(reportNames(), namesOf(c.Reports, c.Counts), cmpopts.SortSlices(less)); diff != "" {
		t.Errorf("reports of the program (-) and of pipelines.yaml (+):\n%s", diff)
	}
	if !slices.Equal(Default().Reports, reports.All()) ||
		!slices.Equal(Default().Counts, reports.Counts()) {
		t.Error("without a list, other reports are asked for")
	}
	if !slices.Equal(c.Periods, Default().Periods) {
		t.Errorf("periods %v", c.Periods)
	}
}

const provisioningYAML = `
tenants:
  - name: contoso
    tenant_id: 11111111-1111-1111-1111-111111111111
    client_id: 22222222-2222-2222-2222-222222222222
    client_secret: {env: READER_SECRET}
`

func TestProvisioningConfigFaults(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"provisioning: {enable: true}", `p.yaml:7: unknown key "enable"; did you mean "enabled"?`},
		{"provisioning: {enabled: yes}", `p.yaml:7: enabled: "yes" must be true or false`},
		{"provisioning: true", "p.yaml:7: provisioning must be a mapping with keys such as enabled"},
		{"    provisioning: {client_id: x}", `client_id "x" is not a GUID`},
		{"    provisioning: {client_secret: secret}", "client_secret must not stand in the file"},
		{"    provisioning: {client_secret: {env: A}}",
			"p.yaml:7: provisioning has no client_id; name the application"},
		{"    provisioning: {client_id: 33333333-3333-3333-3333-333333333333}",
			"p.yaml:7: provisioning has neither client_secret nor auth; it needs one"},
		{"    provisioning: {client_id: 00000000-0000-0000-0000-000000000000}", "client_id is still the placeholder"},
		{"    provisioning: {client_secret: {env: A}, client_ids: [a]}", `unknown key "client_ids"`},
	} {
		text, want := c.text, c.want
		_, err := Parse("p.yaml", []byte(provisioningYAML+text+"\n"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// Ages count on the calendar.
func TestAges(t *testing.T) {
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"1d": "2026-11-22", "30d": "2026-10-24", "26w": "2026-05-25", "3y": "2023-11-23",
	} {
		a, err := ParseAge(text)
		if got := a.Before(day).Format(time.DateOnly); err != nil || got != want {
			t.Errorf("%s before is %s instead of %s: %v", text, got, want, err)
		}
	}
	for _, bad := range []string{"", "0d", "30", "3m", "-1d", "1.5y", "30 d", "999999d"} {
		if _, err := ParseAge(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
