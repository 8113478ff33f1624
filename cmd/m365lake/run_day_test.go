package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"m365lake/internal/clock"
)

// A run, or a pruning, of a day to come is refused, but for tomorrow.
func TestRunDayInTheFuture(t *testing.T) {
	folder := t.TempDir()
	config := filepath.Join(folder, "pipelines.yaml")
	write(t, config, "tenants: [{name: x, tenant_id: 12345678-1234-4234-8234-123456789012, "+
		"client_id: 12345678-1234-4234-8234-123456789012, client_secret: {file: none}}]\n")
	machine := func(p *program) {
		p.clock = clock.NewManual(time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC))
	}
	for _, command := range []string{"sync", "backfill", "prune"} {
		for day, future := range map[string]bool{
			"2026-11-24": false, "2026-11-25": false, "2026-11-26": true, "2126-11-24": true,
		} {
			var out, errs bytes.Buffer
			args := []string{command, "--config", config, "--data", filepath.Join(folder, "d"), "--run-day", day}
			code := run(t.Context(), args, strings.NewReader(""), &out, &errs, machine)
			want := "m365lake: --run-day " + day + " is in the future: today is 2026-11-24 in UTC by this machine's clock\n"
			if refused := code == exitUsage && errs.String() == want; refused != future {
				t.Errorf("%s of %s: exit code %d: %s", command, day, code, errs.String())
			}
		}
	}
}
