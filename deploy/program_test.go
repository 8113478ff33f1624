package deploy

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// program is the built m365lake.
var program string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "m365lake-deploy-")
	if err != nil {
		fail(err)
	}
	program = filepath.Join(folder, "m365lake")
	build := exec.Command("go", "build", "-o", program, "./cmd/m365lake")
	build.Dir, build.Stderr = "..", os.Stderr
	if err := build.Run(); err != nil {
		fail(err)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "cannot build m365lake:", err)
	os.Exit(1)
}

// tenant is a sandbox tenant that the built program serves.
type tenant struct {
	config string // pipelines.yaml with two reports
	secret string // the file that it names for the client secret
}

// serveTenant serves a small tenant for the length of the test, with the sandbox's own flags.
func serveTenant(t *testing.T, flags ...string) tenant {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	served := exec.CommandContext(
		ctx,
		program,
		append([]string{"sandbox", "serve", "--addr", "127.0.0.1:0", "--users", "40"}, flags...)...)
	served.Cancel = func() error { return served.Process.Signal(os.Interrupt) }
	out, err := served.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := served.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); _ = served.Wait() })

	var connection, secret string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		connection += lines.Text() + "\n"
		if _, value, found := strings.Cut(lines.Text(), "M365_CLIENT_SECRET="); found {
			secret = value
		}
		if strings.Contains(lines.Text(), "endpoints:") {
			break
		}
	}
	if secret == "" || !strings.Contains(connection, "endpoints:") {
		t.Fatalf("the sandbox does not say how to connect to it:\n%s", connection)
	}
	folder := t.TempDir()
	s := tenant{config: filepath.Join(folder, "pipelines.yaml"), secret: filepath.Join(folder, "client_secret")}
	write(t, s.secret, secret+"\n", 0o600)
	write(t, s.config, strings.Replace(connection, "{env: M365_CLIENT_SECRET}", "{file: "+s.secret+"}", 1)+
		"reports: [office365_active_user_detail, m365_app_user_detail]\nperiods: [D30]\nsign_in_activity: false\n", 0o600)
	return s
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// wantExit runs a command, wants its exit code and returns what it printed.
func wantExit(t *testing.T, want int, command *exec.Cmd) string {
	t.Helper()
	out, err := command.CombinedOutput()
	if command.ProcessState == nil {
		t.Fatal(err)
	}
	if got := command.ProcessState.ExitCode(); got != want {
		t.Fatalf("%v: exit code %d instead of %d\n%s", command.Args, got, want, out)
	}
	return string(out)
}

// wantPublished asks the warehouse in data for the number of users.
func wantPublished(t *testing.T, data string) {
	t.Helper()
	out := wantExit(
		t,
		0,
		exec.Command(program, "query", "--data", data, "--format", "csv", "SELECT count(*) > 30 AS filled FROM users"),
	)
	if got := strings.Fields(out); fmt.Sprint(got) != "[filled true]" {
		t.Errorf("the warehouse in %s answers %q", data, out)
	}
}

// tool is the path of a program of this machine. Where it is missing the test is skipped, but not in CI.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") != "":
		t.Fatalf("%s is missing; .ci/run must install it", name)
	default:
		t.Skipf("%s is not installed", name)
	}
	return ""
}
