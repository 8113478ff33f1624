package cloud

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCloudTable(t *testing.T) {
	for _, w := range []struct{ name, token, scope string }{
		{"", "https://login.microsoftonline.com/T/oauth2/v2.0/token", "https://graph.microsoft.com/.default"},
		{"global", "https://login.microsoftonline.com/T/oauth2/v2.0/token", "https://graph.microsoft.com/.default"},
		{"usgov-l4", "https://login.microsoftonline.us/T/oauth2/v2.0/token", "https://graph.microsoft.us/.default"},
		{"usgov-l5", "https://login.microsoftonline.us/T/oauth2/v2.0/token", "https://dod-graph.microsoft.us/.default"},
		{"china", "https://login.chinacloudapi.cn/T/oauth2/v2.0/token", "https://microsoftgraph.chinacloudapi.cn/.default"},
	} {
		c, err := ByName(w.name)
		if err != nil {
			t.Fatal(err)
		}
		if c.TokenURL("T") != w.token || c.Scope() != w.scope {
			t.Errorf("%q: %s %s", w.name, c.TokenURL("T"), c.Scope())
		}
		if same, err := Custom(c.Authority, c.Root); err != nil || same.Root != c.Root || same.Authority != c.Authority {
			t.Errorf("%q is not a valid cloud: %v %v", w.name, same, err)
		}
	}
}

func TestUnknownCloudSuggests(t *testing.T) {
	for name, suggestion := range map[string]string{
		"usgov-l6": "usgov-l4", "Global": "global", "chine": "china", "usgovl5": "usgov-l5",
		"GCC-High": "usgov-l4", "dod": "usgov-l5", "21Vianet": "china", "gcc": "global",
	} {
		_, err := ByName(name)
		if err == nil {
			t.Errorf("%q was accepted", name)
			continue
		}
		mustContain(t, err.Error(), `did you mean "`+suggestion+`"`, "global, usgov-l4, usgov-l5, china")
	}
}

func TestCustomCloud(t *testing.T) {
	good := map[string]string{
		"https://Login.Example.org":  "https://login.example.org",
		"https://login.example.org/": "https://login.example.org",
		"https://h:8443":             "https://h:8443",
		"http://127.0.0.1:8080":      "http://127.0.0.1:8080",
		"http://127.9.9.9":           "http://127.9.9.9",
		"http://[::1]:99":            "http://[::1]:99",
		"http://localhost:1":         "http://localhost:1",
	}
	for address, want := range good {
		c, err := Custom(address, address)
		if diff := cmp.Diff(Cloud{"custom", want, want}, c); diff != "" || err != nil {
			t.Errorf("%s: %v %s", address, err, diff)
		}
	}
	bad := map[string]string{
		"http://graph.example.org":      "not https",
		"http://127.0.0.1.example.org":  "not https",
		"http://192.168.1.1":            "not https",
		"ftp://localhost":               "not https",
		"https://graph.example.org/v1":  "no /v1.0",
		"https://graph.example.org?a=b": "query",
		"https://graph.example.org?":    "query",
		"https://graph.example.org#f":   "fragment",
		"https://user:pw@example.org":   "password",
		"graph.example.org":             "no host",
		"":                              "no host",
		"https://%zz:hunter2@h":         "cannot be parsed",
	}
	for address, want := range bad {
		for _, err := range []error{second(Custom(address, "https://h")), second(Custom("https://h", address))} {
			if err == nil {
				t.Errorf("%q was accepted", address)
				continue
			}
			mustContain(t, err.Error(), want)
			mustNotContain(t, err.Error(), "pw@", "hunter2")
		}
	}
}

func TestUsageReportsByCloud(t *testing.T) {
	for name, want := range map[string]bool{"global": true, "usgov-l4": false, "usgov-l5": false, "china": false} {
		cloud, err := ByName(name)
		if err != nil || cloud.UsageReports() != want {
			t.Errorf("%s: %v %v", name, cloud.UsageReports(), err)
		}
	}
	if c, err := Custom("https://login.example", "https://graph.example"); err != nil || !c.UsageReports() {
		t.Error(c, err)
	}
}

func second[A any](_ A, err error) error { return err }

func mustContain(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q does not contain %q", text, p)
		}
	}
}

func mustNotContain(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("%q contains %q", text, p)
		}
	}
}
