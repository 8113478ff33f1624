package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
)

// cronEntry is the one job of m365lake.cron, as cron reads a file of /etc/cron.d: five fields of time,
// the account, and the rest of the line for the shell.
func cronEntry(t *testing.T) (times, account, command string) {
	t.Helper()
	for line := range strings.Lines(read(t, "m365lake.cron")) {
		line = strings.TrimSuffix(line, "\n")
		name, _, assigned := strings.Cut(line, "=")
		if line == "" || line[0] == '#' || assigned && !strings.ContainsAny(name, " \t") {
			continue
		}
		if command != "" {
			t.Fatal("m365lake.cron has more than one job")
		}
		fields := strings.SplitN(line, " ", 7)
		if len(fields) < 7 {
			t.Fatalf("m365lake.cron: %q has no seven fields", line)
		}
		times, account, command = strings.Join(fields[:5], " "), fields[5], fields[6]
	}
	return times, account, command
}

func TestCronRunsEveryNight(t *testing.T) {
	times, account, command := cronEntry(t)
	schedule, err := cron.ParseStandard(times)
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	night := schedule.Next(noon)
	if want := time.Date(2026, 11, 24, 4, 10, 0, 0, time.UTC); !night.Equal(want) ||
		!schedule.Next(night).Equal(want.AddDate(0, 0, 1)) {
		t.Errorf("%s is %s, then %s", times, night, schedule.Next(night))
	}
	if account != "m365lake" {
		t.Errorf("the account is %q", account)
	}
	if strings.Contains(command, "%") {
		t.Error("cron makes line ends of %")
	}
}

// The line as the shell runs it: it syncs, and an exit code other than 0 reaches the log.
func TestCronLine(t *testing.T) {
	for _, c := range []struct {
		name   string
		flags  []string
		logged string
	}{
		{"all good", nil, ""},
		{"gaps", []string{"--faults", "report_forbidden:getM365AppUserDetail"}, "-p user.err -t m365lake exit code 1\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			served := serveTenant(t, c.flags...)
			_, _, command := cronEntry(t)
			bin, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
			log := filepath.Join(bin, "log")
			write(t, filepath.Join(bin, "logger"), "#!/bin/sh\necho \"$@\" >> "+log+"\n", 0o700)
			if err := os.Symlink(program, filepath.Join(bin, "m365lake")); err != nil {
				t.Fatal(err)
			}
			command = strings.NewReplacer("/etc/m365lake/pipelines.yaml", served.config, "/var/lib/m365lake", data).
				Replace(command)
			shell := exec.Command("/bin/sh", "-c", command)
			shell.Env = []string{"PATH=" + bin + ":/usr/bin:/bin", "HOME=" + bin}
			wantExit(t, 0, shell)
			wantPublished(t, data)
			logged, _ := os.ReadFile(log) // none where nothing was logged
			if string(logged) != c.logged {
				t.Errorf("logged %q instead of %q", logged, c.logged)
			}
		})
	}
}
