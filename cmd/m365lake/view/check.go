package view

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"

	"m365lake/check"
)

// CheckJSON writes what was found before a run. exitCode is that of a sync under these circumstances.
func CheckJSON(w io.Writer, r check.Result, exitCode int) error {
	return JSON(w, struct {
		ExitCode int `json:"exit_code"`
		check.Result
	}{exitCode, r})
}

// Check writes what was found before a run for people: what is not ok stands with what to do about it.
func Check(w io.Writer, r check.Result, exitCode int) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s, data in %s\n", r.Config, r.Data)
	width := 0
	counts := map[check.Status]int{}
	for _, f := range r.Findings() {
		width = max(width, runewidth.StringWidth(f.Subject))
		counts[f.Status]++
	}
	writeFindings(&b, r.Machine, width)
	for _, t := range r.Tenants {
		fmt.Fprintf(&b, "\n%s\n", tenantTitle(t))
		writeFindings(&b, t.Findings, width)
	}
	verdict := map[check.Outcome]string{
		check.Works:            "A sync would work.",
		check.WorksWithGaps:    "A sync would publish, but not everything.",
		check.PublishesNothing: "A sync would publish nothing.",
	}[r.Outcome()]
	fmt.Fprintf(&b, "\n%s (%d ok, %d note, %d gap, %d stop; exit code %d)\n", verdict,
		counts[check.OK], counts[check.Note], counts[check.Gap], counts[check.Stop], exitCode)
	_, err := w.Write(b.Bytes())
	return err
}

func writeFindings(b *bytes.Buffer, findings []check.Finding, width int) {
	for _, f := range findings {
		padding := strings.Repeat(" ", width-runewidth.StringWidth(f.Subject))
		fmt.Fprintf(b, "  %-4s  %s%s  %s\n", f.Status, f.Subject, padding, f.Text)
		if f.Remedy != "" {
			fmt.Fprintf(b, "        %s  -> %s\n", strings.Repeat(" ", width), f.Remedy)
		}
	}
}

// tenantTitle is the tenant as people know it.
func tenantTitle(t check.Tenant) string {
	title := t.Tenant
	if t.Organization != "" {
		title += ": " + t.Organization
	}
	if t.Domain != "" {
		title += " (" + t.Domain + ")"
	}
	return title + ", cloud " + t.Cloud
}
