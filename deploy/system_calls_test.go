package deploy

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A run makes no system call that the service refuses it.
func TestServiceAllowsTheSystemCallsOfARun(t *testing.T) {
	strace := tool(t, "strace")
	served := serveTenant(t)
	data, log := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "calls")
	wantExit(
		t,
		0,
		exec.Command(strace, "-f", "-qq", "-o", log, program, "sync", "--config", served.config, "--data", data),
	)

	made := map[string]bool{}
	for _, call := range regexp.MustCompile(`(?m)^\d+ +([a-z_0-9]+)\(`).FindAllStringSubmatch(read(t, log), -1) {
		made[call[1]] = true
	}
	for _, needed := range []string{"connect", "flock", "openat"} {
		if !made[needed] {
			t.Errorf("strace did not see a run: there is no %s", needed)
		}
	}
	allowed, refused := serviceFilter(t)
	for call := range made {
		if !allowed[call] || refused[call] {
			t.Errorf("a run calls %s, which m365lake.service refuses", call)
		}
	}
	if !refused["chown"] || !refused["setpriority"] || allowed["mount"] {
		t.Errorf("the filter was not read: it allows %d calls and refuses %d of them", len(allowed), len(refused))
	}
}

// serviceFilter is what the lines SystemCallFilter= of the service allow, and what of it they refuse.
func serviceFilter(t *testing.T) (allowed, refused map[string]bool) {
	t.Helper()
	allowed, refused = map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(read(t, "m365lake.service")) {
		filter, found := strings.CutPrefix(strings.TrimSpace(line), "SystemCallFilter=")
		if !found {
			continue
		}
		into := allowed
		if strings.HasPrefix(filter, "~") {
			filter, into = filter[1:], refused
		}
		for _, set := range strings.Fields(filter) {
			addCalls(t, into, set)
		}
	}
	addCalls(t, allowed, "@default") // which systemd always allows
	return allowed, refused
}

// addCalls adds the system calls of a set of systemd's, and those of the sets within.
func addCalls(t *testing.T, calls map[string]bool, set string) {
	t.Helper()
	out := wantExit(t, 0, exec.Command(tool(t, "systemd-analyze"), "syscall-filter", "--no-pager", set))
	for _, name := range strings.Fields(regexp.MustCompile(`(?m)^\s*#.*$`).ReplaceAllString(out, "")) {
		switch {
		case name == set:
		case strings.HasPrefix(name, "@"):
			addCalls(t, calls, name)
		default:
			calls[name] = true
		}
	}
}
