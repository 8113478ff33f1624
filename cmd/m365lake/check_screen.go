package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"
)

// write prints the result for people: what is not ok stands with what to do about it.
func (r checkResult) write(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s, data in %s\n", r.Config, r.Data)
	width := 0
	for _, f := range r.findings() {
		width = max(width, runewidth.StringWidth(f.Subject))
	}
	writeFindings(&b, r.Machine, width)
	for _, t := range r.Tenants {
		fmt.Fprintf(&b, "\n%s\n", t.title())
		writeFindings(&b, t.Findings, width)
	}
	counts := map[findingStatus]int{}
	for _, f := range r.findings() {
		counts[f.Status]++
	}
	verdict := map[int]string{
		exitGood: "A sync would work.", exitGaps: "A sync would publish, but not everything.", exitNothing: "A sync would publish nothing.",
	}[r.ExitCode]
	fmt.Fprintf(&b, "\n%s (%d ok, %d note, %d gap, %d stop; exit code %d)\n",
		verdict, counts[statusOK], counts[statusNote], counts[statusGap], counts[statusStop], r.ExitCode)
	_, err := w.Write(b.Bytes())
	return err
}

func (r checkResult) findings() []finding {
	all := append([]finding(nil), r.Machine...)
	for _, t := range r.Tenants {
		all = append(all, t.Findings...)
	}
	return all
}

func writeFindings(b *bytes.Buffer, findings []finding, width int) {
	for _, f := range findings {
		padding := strings.Repeat(" ", width-runewidth.StringWidth(f.Subject))
		fmt.Fprintf(b, "  %-4s  %s%s  %s\n", f.Status, f.Subject, padding, f.Text)
		if f.Remedy != "" {
			fmt.Fprintf(b, "        %s  -> %s\n", strings.Repeat(" ", width), f.Remedy)
		}
	}
}

// title is the tenant as people know it.
func (t tenantCheck) title() string {
	title := t.Tenant
	if t.Organization != "" {
		title += ": " + t.Organization
	}
	if t.Domain != "" {
		title += " (" + t.Domain + ")"
	}
	return title + ", cloud " + t.Cloud
}
