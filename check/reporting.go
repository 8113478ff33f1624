package check

import (
	"fmt"
	"os"
	"path/filepath"

	"m365lake/config"
	"m365lake/internal/disk"
)

// This file looks at what a run would tell others with. A run ends as well without them, and nobody hears of it: that
// is a gap.

// checkMetrics finds a metrics file that cannot be written: its folder is not there, or not writable.
func checkMetrics(file string) []Finding {
	if file == "" {
		return nil
	}
	const subject = "metrics file"
	const remedy = "make the folder and let this user write there, or name another in metrics.file"
	folder := filepath.Dir(file)
	// A run writes a temporary file beside the metrics file and renames it.
	probe, err := os.CreateTemp(folder, ".check-*")
	if err != nil {
		text := fmt.Sprintf("nothing can be written in %s: %v", folder, disk.WithoutPath(err))
		return []Finding{{subject, Gap, text, remedy}}
	}
	_ = probe.Close() // nothing was written
	if err := os.Remove(probe.Name()); err != nil {
		return []Finding{{subject, Gap, err.Error(), remedy}}
	}
	return []Finding{{subject, OK, file + " can be written", ""}}
}

// checkNotify finds the addresses that cannot be read. Nothing is sent: m365lake notify test does that.
func checkNotify(c config.Notify) (findings []Finding) {
	const remedy = "set it, or take it out of notify; m365lake notify test sends a message"
	look := func(subject, what string, kept config.Secret) {
		if _, err := kept.Read(what); err != nil {
			findings = append(findings, Finding{subject, Gap, err.Error(), remedy})
			return
		}
		findings = append(findings, Finding{subject, OK, kept.Place() + " is set", ""})
	}
	for _, kept := range c.URLs {
		look("notification", "shoutrrr URL of the notification", kept)
	}
	if c.HealthCheck.IsSet() {
		look("healthcheck", "URL of the health check", c.HealthCheck)
	}
	return findings
}
