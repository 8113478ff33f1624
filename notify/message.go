package notify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"m365lake/internal/text"
)

// maxGaps is how many gaps of a tenant a message lists.
const maxGaps = 10

// NewMessage says how a run went, and names at most namedUsers people. It shows no detail of a gap,
// because details may show rows of data.
func NewMessage(r Run, namedUsers int) Message {
	var b strings.Builder
	for _, t := range r.Tenants {
		if t.Failed {
			fmt.Fprintf(&b, "%s: failed, the last numbers stay; %s\n", t.Name, cmp.Or(t.Cause, "the log says why"))
			continue
		}
		if r.Published {
			if i := slices.IndexFunc(r.Totals, func(n Totals) bool { return n.TenantID == t.ID }); i >= 0 {
				b.WriteString(totalsText(r.Totals[i]))
			}
		}
		if len(t.Gaps) > 0 {
			fmt.Fprintf(&b, "%s: %s\n", t.Name, gapsText(t.Gaps))
		}
	}
	if r.Published {
		b.WriteString(namedUsersText(r, namedUsers))
	} else {
		b.WriteString("The last warehouse stays as it is. The log says why.\n")
	}
	took := r.Ended.Sub(r.Started).Round(100 * time.Millisecond)
	fmt.Fprintf(&b, "Took %s, exit code %d, run %s.\n", took, r.ExitCode, r.ID)
	return Message{Title: "m365lake " + r.Day.Format(time.DateOnly) + ": " + headline(r), Text: b.String()}
}

// headline is how a run went, in a few words.
func headline(r Run) string {
	failed, gaps := 0, 0
	for _, t := range r.Tenants {
		if t.Failed {
			failed++
		}
		gaps += len(t.Gaps)
	}
	switch {
	case r.Outcome == Interrupted:
		return "interrupted"
	case !r.Published:
		return "nothing published"
	case failed > 0:
		return fmt.Sprintf("published, but %d of %d tenants failed", failed, len(r.Tenants))
	case gaps > 0:
		return "published with " + text.Count(gaps, "gap")
	}
	return "published"
}

// gapsText lists the first gaps of a tenant and counts the others.
func gapsText(gaps []Gap) string {
	var listed []string
	for _, g := range gaps[:min(len(gaps), maxGaps)] {
		listed = append(listed, g.Source+" "+g.Status)
	}
	all := text.Count(len(gaps), "gap") + ": " + strings.Join(listed, "; ")
	if more := len(gaps) - len(listed); more > 0 {
		all += fmt.Sprintf("; and %d more", more)
	}
	return all
}

// totalsText puts the totals of a tenant into one line or two.
func totalsText(t Totals) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", t.Tenant, text.Count(int(t.Users), "user"))
	if t.Active.Valid && t.ReportDate.Valid {
		fmt.Fprintf(&b, "; %d of %d licensed were active in the 30 days to %s",
			t.Active.Int64, t.Licensed.Int64, t.ReportDate.Time.Format(time.DateOnly))
	} else {
		b.WriteString("; activity is not measured yet")
	}
	b.WriteString("\n")
	if !t.Assigned.Valid {
		return b.String()
	}
	paid := text.Count(int(t.Assigned.Int64), "paid licence")
	fmt.Fprintf(&b, "%s: %s assigned of %d bought", t.Tenant, paid, t.Bought.Int64)
	if t.Idle.Valid {
		fmt.Fprintf(&b, "; %d idle", t.Idle.Int64)
	}
	if t.MonthlyIdleCost.Valid {
		fmt.Fprintf(&b, ", %.2f %s a month", t.MonthlyIdleCost.Float64, t.Currency.String)
		if t.IdleWithoutPrice > 0 {
			fmt.Fprintf(&b, " (%d without a price)", t.IdleWithoutPrice)
		}
	}
	b.WriteString("\n")
	return b.String()
}

// namedUsersText names the first people of the tenants that were loaded, at most as many as asked for.
func namedUsersText(r Run, most int) string {
	var b strings.Builder
	for _, u := range r.NamedUsers {
		i := slices.IndexFunc(r.Tenants, func(t Tenant) bool { return t.ID == u.TenantID && !t.Failed })
		if i < 0 || most == 0 {
			continue
		}
		most--
		fmt.Fprintf(&b, "%s: %s (%s): %s\n", r.Tenants[i].Name, u.Name, u.Reason, u.Products)
	}
	return b.String()
}
