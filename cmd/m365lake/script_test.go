package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/testscript"

	"m365lake/provision/apply"
	"m365lake/sandbox"
)

// TestMain lets this test binary be m365lake itself, for scripts and for tests that kill it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"m365lake":       func() { os.Exit(execute(soon)) },
		"hold-warehouse": holdWarehouse,
		"duckdb":         duckdbClient,
	})
}

// soon is for the sandbox, which agrees with itself sooner than Microsoft, and whose day is what the test says.
func soon(p *program) {
	p.anyRunDay = true
	p.writes = writePace{
		patience: apply.Patience{First: 2 * time.Millisecond, Total: 250 * time.Millisecond},
		delay:    5 * time.Millisecond,
	}
}

// The stories of the command line: one file each.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("stories are no quick test")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("all_answers", strconv.Itoa(allAnswers()))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"sandbox":  sandboxScriptCommand,
			"requests": requestsScriptCommand,
			"hold":     holdScriptCommand,
			"append":   appendScriptCommand,
			"capture":  captureScriptCommand,
			"changes":  changesScriptCommand,
			"books":    booksScriptCommand,
			"signin":   signInScriptCommand,
			"revoke":   revokeScriptCommand,
			"receive":  receiveScriptCommand,
			"received": receivedScriptCommand,
			"nowhere":  nowhereScriptCommand,
		},
	})
}

// sandboxScriptCommand serves a tenant and writes how to reach it:
//
//	sandbox FILE DAY|today|now [faults=a,b] [users=N] [secret=wrong] [tenant=ID]
//	  [client=ID] [calls=N] [sign_ins=false] ['auth={...}'] [writer=true] [seed=N name=NAME]
//
// With a name, the tenant is added to those that FILE has. With writer, FILE has the application that
// may write. Today is for commands that have the real clock; now is that clock itself.
// SANDBOX_URL, SANDBOX_TENANT_ID and SANDBOX_CLIENT_ID tell how to reach it.
func sandboxScriptCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: sandbox FILE DAY [key=value...]")
	}
	if args[1] == "today" {
		args[1] = time.Now().UTC().Format(time.DateOnly)
	}
	options := sandbox.Options{Users: 60, Seed: 7}
	var err error
	if args[1] != "now" {
		day, err := time.Parse(time.DateOnly, args[1])
		ts.Check(err)
		options.Today = func() time.Time { return day.Add(5 * time.Hour) }
	}
	replace := map[string]string{}
	for _, arg := range args[2:] {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "faults":
			options.Faults = strings.Split(value, ",")
		case "calls":
			options.Throttle.Calls, err = strconv.Atoi(value)
			ts.Check(err)
		case "seed":
			options.Seed, err = strconv.ParseUint(value, 10, 64)
			ts.Check(err)
		case "users":
			options.Users, err = strconv.Atoi(value)
			ts.Check(err)
		default:
			replace[key] = value
		}
	}
	tenant, err := sandbox.New(options)
	ts.Check(err)
	server, err := tenant.Serve("127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = server.Close() })
	text := sandboxConnection(tenant, server.URL())
	secret, name, signIns := tenant.ClientSecret(), "", "true"
	for key, value := range replace {
		switch key {
		case "secret":
			secret = value
		case "tenant":
			text = strings.ReplaceAll(text, tenant.ID(), value)
		case "name":
			name = value
			text = strings.ReplaceAll(strings.ReplaceAll(text, "name: sandbox", "name: "+value), "M365_CLIENT_SECRET",
				"M365_CLIENT_SECRET_"+value)
		case "auth":
			text = strings.Replace(text, "client_secret: {env: M365_CLIENT_SECRET}", "auth: "+value, 1)
		case "sign_ins":
			signIns = value
		case "writer":
			ts.Setenv("M365_WRITER_SECRET", tenant.WriterSecret())
			text += fmt.Sprintf("    provisioning: {client_id: %s, client_secret: {env: M365_WRITER_SECRET}}\n",
				tenant.WriterID())
		case "client":
			text = strings.ReplaceAll(text, tenant.ClientID(), value)
		default:
			ts.Fatalf("sandbox does not know %s", key)
		}
	}
	variable := "M365_CLIENT_SECRET"
	if name != "" {
		variable += "_" + name
	}
	ts.Setenv(variable, secret)
	ts.Setenv("SANDBOX_URL", server.URL())
	ts.Setenv("SANDBOX_TENANT_ID", tenant.ID())
	ts.Setenv("SANDBOX_CLIENT_ID", tenant.ClientID())
	// The secret stands in the comment of what the command prints for people.
	var kept []string
	for _, line := range strings.SplitAfter(text, "\n") {
		if !strings.HasPrefix(line, "#") {
			kept = append(kept, line)
		}
	}
	written := strings.Join(kept, "")
	if name != "" {
		if before, err := os.ReadFile(ts.MkAbs(args[0])); err == nil {
			written = strings.TrimSuffix(string(before), sandboxReports) + strings.TrimPrefix(written, "tenants:\n")
		}
	}
	written += strings.Replace(sandboxReports, "sign_in_activity: true", "sign_in_activity: "+signIns, 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(written), 0o600))
	servers.Store(ts.MkAbs(args[0]), server)
}

// servers are the tenants of the scripts under way, by the path of their configuration.
var servers sync.Map

// requestsScriptCommand wants a number of requests whose path contains a text: requests FILE TEXT N
func requestsScriptCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: requests FILE TEXT N")
	}
	want, err := strconv.Atoi(args[2])
	ts.Check(err)
	got := 0
	server, ok := servers.Load(ts.MkAbs(args[0]))
	if !ok {
		ts.Fatalf("no sandbox wrote %s", args[0])
	}
	for _, r := range server.(*sandbox.Server).Requests() {
		if strings.Contains(r.Path, args[1]) {
			got++
		}
	}
	if got != want {
		ts.Fatalf("%d requests to %s instead of %d", got, args[1], want)
	}
}

// appendScriptCommand writes a file into a configuration, behind its last tenant: append TO FROM
func appendScriptCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: append TO FROM")
	}
	tenants := strings.TrimSuffix(ts.ReadFile(args[0]), sandboxReports)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(tenants+ts.ReadFile(args[1])+sandboxReports), 0o600))
}

// holdScriptCommand takes the lock of a data folder, as another run would: hold FOLDER
func holdScriptCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hold FOLDER")
	}
	ts.Check(os.MkdirAll(ts.MkAbs(args[0]), 0o700))
	lock := flock.New(filepath.Join(ts.MkAbs(args[0]), "run.lock"))
	locked, err := lock.TryLock()
	ts.Check(err)
	if !locked {
		ts.Fatalf("%s is locked already", args[0])
	}
	ts.Defer(func() { _ = lock.Unlock() })
}
