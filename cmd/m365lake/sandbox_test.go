package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"m365lake/sandbox"
)

type sandboxOptions struct {
	users  int
	seed   uint64
	day    string
	faults []string
	calls  int // of each report in the window; 0 is any number, for a test makes many runs in ten minutes
	// reports is the list in the configuration; "" for sandboxReports
	reports string
}

// servedSandbox is a sandbox tenant behind real HTTP, with the configuration to reach it.
type servedSandbox struct {
	tenant *sandbox.Tenant
	server *sandbox.Server
	config string
	day    string
}

// serveSandbox serves a tenant for the length of the test.
func serveSandbox(t testing.TB, o sandboxOptions) *servedSandbox {
	t.Helper()
	if testing.Short() {
		t.Skip("whole runs are no quick test")
	}
	day, err := time.Parse(time.DateOnly, o.day)
	if err != nil {
		t.Fatal(err)
	}
	calls := o.calls
	if calls == 0 {
		calls = -1
	}
	if o.reports == "" {
		o.reports = sandboxReports
	}
	tenant, err := sandbox.New(sandbox.Options{
		Users: o.users, Seed: o.seed, Faults: o.faults, Today: func() time.Time { return day.Add(5 * time.Hour) },
		Throttle: sandbox.Throttle{Calls: calls},
	})
	if err != nil {
		t.Fatal(err)
	}
	server, err := tenant.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	s := &servedSandbox{tenant: tenant, server: server, config: filepath.Join(t.TempDir(), "pipelines.yaml"), day: o.day}
	secret := filepath.Join(t.TempDir(), "secret")
	write(t, secret, tenant.ClientSecret()+"\n")
	write(t, s.config, strings.Replace(sandboxConnection(tenant, server.URL()), "{env: M365_CLIENT_SECRET}",
		"{file: "+secret+"}", 1)+o.reports)
	return s
}

// allReports leaves the list out of the configuration: every report there is.
const allReports = "sign_in_activity: true\n"

// sandboxReports are the reports that the tests of the whole pipeline ask for: one of each way in
// which a report decides an app.
const sandboxReports = `reports:
  - office365_active_user_detail
  - m365_app_user_detail
  - teams_user_activity_detail
sign_in_activity: true
`

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// sync runs m365lake sync against the tenant and wants the exit code. It returns what was printed.
func (s *servedSandbox) sync(t *testing.T, data string, want int, flags ...string) string {
	t.Helper()
	return command(t, want, append([]string{"sync", "--config", s.config, "--data", data, "--run-day", s.day},
		flags...)...)
}

// command runs m365lake and wants the exit code. It returns standard output and error together.
func command(t *testing.T, want int, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, strings.NewReader(""), &out, &errs, soon); code != want {
		t.Fatalf("m365lake %q: exit code %d instead of %d\n%s%s", args, code, want, &out, &errs)
	}
	return out.String() + errs.String()
}

// answer asks the published warehouse and returns the lines of the answer, header first.
func answer(t *testing.T, data, question string) []string {
	t.Helper()
	var out, errs bytes.Buffer
	args := []string{"query", "--allow-files", "--data", data, "--format", "csv", question} // exports are asked too
	if code := run(t.Context(), args, strings.NewReader(""), &out, &errs); code != exitGood {
		t.Fatalf("%s: exit code %d: %s", question, code, &errs)
	}
	return strings.Split(strings.TrimSpace(out.String()), "\n")
}
