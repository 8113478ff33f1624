package main

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
	c, err := readConfigIfAny("../../pipelines.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, r := range c.Reports {
		listed = append(listed, r.Name)
	}
	for _, r := range c.Counts {
		listed = append(listed, r.Name)
	}
	less := func(a, b string) bool { return a < b }
	if diff := cmp.Diff(reportNames(), listed, cmpopts.SortSlices(less)); diff != "" {
		t.Errorf("reports of the program (-) and of pipelines.yaml (+):\n%s", diff)
	}
	if !slices.Equal(defaultConfig().Reports, reports.All()) || !slices.Equal(defaultConfig().Counts, reports.Counts()) {
		t.Error("without a list, other reports are asked for")
	}
	if !slices.Equal(c.Periods, defaultConfig().Periods) {
		t.Errorf("periods %v", c.Periods)
	}
}

// The periods of a report that failed alike are one line; a report without periods has none.
func TestFailureLines(t *testing.T) {
	lines := failureLines([]failure{
		{"copilot_usage_user_detail_D7", "failed", "no"},
		{"copilot_usage_user_detail_D28", "failed", "no"},
		{"office365_activations_user_detail", "empty", "nothing"},
		{"users", "failed", "refused"},
	})
	want := []string{
		"copilot_usage_user_detail D7 D28: failed: no",
		"office365_activations_user_detail: empty: nothing",
		"users: failed: refused",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("%q", lines)
	}
}

const provisioningYAML = `
tenants:
  - name: contoso
    tenant_id: 11111111-1111-1111-1111-111111111111
    client_id: 22222222-2222-2222-2222-222222222222
    client_secret: {env: READER_SECRET}
`

// Provisioning is off, and signs in as for reading, unless the file says otherwise.
func TestProvisioningConfig(t *testing.T) {
	t.Setenv("READER_SECRET", "reads")
	t.Setenv("WRITER_SECRET", "writes")
	for text, want := range map[string]struct {
		enabled          bool
		clientID, secret string
	}{
		provisioningYAML: {false, "22222222-2222-2222-2222-222222222222", "reads"},
		provisioningYAML + "provisioning: {enabled: true}\n":                                                                            {true, "22222222-2222-2222-2222-222222222222", "reads"},
		provisioningYAML + "    provisioning: {client_id: 33333333-3333-3333-3333-333333333333, client_secret: {env: WRITER_SECRET}}\n": {false, "33333333-3333-3333-3333-333333333333", "writes"},
	} {
		c, err := parseConfig("p.yaml", []byte(text), true)
		if err != nil {
			t.Fatal(err)
		}
		credentials, err := c.Tenants[0].writerCredentials()
		if err != nil || c.Provisioning.Enabled != want.enabled || credentials.ClientID != want.clientID || credentials.ClientSecret != want.secret {
			t.Errorf("%s%v %v %v", text, c.Provisioning, credentials, err)
		}
		reader, err := c.Tenants[0].credentials()
		if err != nil || reader.ClientSecret != "reads" {
			t.Errorf("reading signs in with %v: %v", reader, err)
		}
	}
}

func TestProvisioningConfigFaults(t *testing.T) {
	for text, want := range map[string]string{
		"provisioning: {enable: true}":                                        `p.yaml:7: unknown key "enable"; did you mean "enabled"?`,
		"provisioning: {enabled: yes}":                                        `p.yaml:7: enabled: "yes" must be true or false`,
		"provisioning: true":                                                  "p.yaml:7: provisioning must be a mapping with keys such as enabled",
		"    provisioning: {client_id: x}":                                    `client_id "x" is not a GUID`,
		"    provisioning: {client_secret: secret}":                           "client_secret must not stand in the file",
		"    provisioning: {client_secret: {env: A}}":                         "p.yaml:7: provisioning has no client_id; name the application",
		"    provisioning: {client_id: 33333333-3333-3333-3333-333333333333}": "p.yaml:7: provisioning has neither client_secret nor auth; it needs one",
		"    provisioning: {client_id: 00000000-0000-0000-0000-000000000000}": "client_id is still the placeholder",
		"    provisioning: {client_secret: {env: A}, client_ids: [a]}":        `unknown key "client_ids"`,
	} {
		_, err := parseConfig("p.yaml", []byte(provisioningYAML+text+"\n"), true)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// Ages count on the calendar.
func TestAges(t *testing.T) {
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{"1d": "2026-11-22", "30d": "2026-10-24", "26w": "2026-05-25", "3y": "2023-11-23"} {
		a, err := parseAge(text)
		if got := a.before(day).Format(time.DateOnly); err != nil || got != want {
			t.Errorf("%s before is %s instead of %s: %v", text, got, want, err)
		}
	}
	for _, bad := range []string{"", "0d", "30", "3m", "-1d", "1.5y", "30 d", "999999d"} {
		if _, err := parseAge(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
