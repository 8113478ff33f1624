package deploy

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const installedProgram = "/usr/local/bin/m365lake"

// verifyUnits lets systemd read a service and its timer, and returns what it complains about.
func verifyUnits(t *testing.T, service string) string {
	t.Helper()
	analyze := tool(t, "systemd-analyze")
	folder := t.TempDir()
	unit := filepath.Join(folder, "m365lake.service")
	timer := filepath.Join(folder, "m365lake.timer")
	// systemd wants the program where the unit says it is.
	write(t, unit, strings.ReplaceAll(service, installedProgram, program), 0o644)
	write(t, timer, read(t, "m365lake.timer"), 0o644)
	out, err := exec.Command(analyze, "verify", "--man=no", unit, timer).CombinedOutput()
	if err != nil && len(out) == 0 {
		t.Fatal(err)
	}
	var ours []string
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "m365lake") { // not what it says about the machine's own units
			ours = append(ours, line)
		}
	}
	return strings.Join(ours, "")
}

func TestSystemdUnderstandsTheUnits(t *testing.T) {
	service := read(t, "m365lake.service")
	if faults := verifyUnits(t, service); faults != "" {
		t.Errorf("systemd-analyze verify:\n%s", faults)
	}
	// It would say so if they were wrong.
	for _, wrong := range []string{
		strings.Replace(service, "ProtectHome=", "ProtectHouse=", 1),
		strings.Replace(service, "RestartSec=30min", "RestartSec=soon", 1),
		strings.Replace(service, "Restart=on-failure", "Restart=always", 1), // not for Type=oneshot
	} {
		if verifyUnits(t, wrong) == "" {
			t.Error("systemd-analyze verify takes a wrong unit for a right one")
		}
	}
}

// The run is shut in: systemd's own measure of what a service could do is from 0 to 10.
func TestServiceIsConfined(t *testing.T) {
	analyze := tool(t, "systemd-analyze")
	wantExit(t, 0, exec.Command(analyze, "security", "--no-pager", "--offline=true", "--threshold=20", "m365lake.service"))
	open := filepath.Join(t.TempDir(), "m365lake.service")
	write(t, open, strings.ReplaceAll(read(t, "m365lake.service"), "Protect", "#Protect"), 0o644)
	if exec.Command(analyze, "security", "--no-pager", "--offline=true", "--threshold=20", open).Run() == nil {
		t.Error("an open service passes for a confined one")
	}
}

// Every night once, in UTC, and a missed night later.
func TestTimerIsNightly(t *testing.T) {
	timer := read(t, "m365lake.timer")
	if !strings.Contains(timer, "\nPersistent=true\n") {
		t.Error("a missed night is not made up for")
	}
	_, calendar, _ := strings.Cut(timer, "OnCalendar=")
	calendar, _, _ = strings.Cut(calendar, "\n")
	out := wantExit(
		t,
		0,
		exec.Command(
			tool(t, "systemd-analyze"),
			"calendar",
			"--base-time=2026-11-23 12:00:00 UTC",
			"--iterations=2",
			calendar,
		),
	)
	for _, night := range []string{"2026-11-24 04:10:00 UTC", "2026-11-25 04:10:00 UTC"} {
		if !strings.Contains(out, night) {
			t.Errorf("%s is not among the nights of %s:\n%s", night, calendar, out)
		}
	}
}

// What systemd does with an exit code is what docs/deploy.md says: 3 is tried again, 1 and 2 are not.
func TestServiceRetriesByExitCode(t *testing.T) {
	service := read(t, "m365lake.service")
	for _, line := range []string{"Restart=on-failure", "RestartPreventExitStatus=1 2", "SuccessExitStatus=130",
		"StartLimitBurst=3"} {
		if !strings.Contains(service, "\n"+line+"\n") {
			t.Errorf("m365lake.service has no line %s", line)
		}
	}
}
