package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"m365lake/graph"
	"m365lake/internal/text"
	"m365lake/notify"
)

// gapsTold is how many gaps of a tenant a message lists.
const gapsTold = 10

// message says how the run went. It has no error's text but that of a refused sign-in, because
// others may show rows of data, and no person's name but those that were asked for.
func (r *runReport) message(totals []tenantTotals, named []reclaimableUser) notify.Message {
	var b strings.Builder
	for _, t := range r.summary.Tenants {
		if t.Err != nil {
			fmt.Fprintf(&b, "%s: failed, the last numbers stay; %s\n", t.Tenant, tellableCause(t.Err))
			continue
		}
		if r.published() {
			if i := slices.IndexFunc(totals, func(n tenantTotals) bool { return n.TenantID == t.TenantID }); i >= 0 {
				b.WriteString(totals[i].lines())
			}
		}
		if t.gaps() > 0 {
			fmt.Fprintf(&b, "%s: %s\n", t.Tenant, gapLine(t.Failures))
		}
	}
	if r.published() {
		b.WriteString(r.namedLines(named))
	} else {
		b.WriteString("The last warehouse stays as it is. The log says why.\n")
	}
	fmt.Fprintf(&b, "Took %s, exit code %d, run %s.\n", r.ended.Sub(r.started).Round(100*time.Millisecond), r.code, r.id)
	return notify.Message{Title: "m365lake " + r.day.Format(time.DateOnly) + ": " + r.headline(), Text: b.String()}
}

func (r *runReport) published() bool { return r.summary.Warehouse != "" }

// headline is how it went, in a few words.
func (r *runReport) headline() string {
	failed, gaps := 0, 0
	for _, t := range r.summary.Tenants {
		if t.Err != nil {
			failed++
		}
		gaps += len(alike(t.Failures))
	}
	switch {
	case r.code == exitInterrupted:
		return "interrupted"
	case !r.published():
		return "nothing published"
	case failed > 0:
		return fmt.Sprintf("published, but %d of %d tenants failed", failed, len(r.summary.Tenants))
	case gaps > 0:
		return fmt.Sprintf("published with %s", text.Count(gaps, "gap"))
	}
	return "published"
}

// tellableCause is why a tenant failed, where that is known to name neither people nor secrets.
func tellableCause(err error) string {
	var refused *graph.TokenError
	if errors.As(err, &refused) {
		return refused.Error()
	}
	return "the log says why"
}

// gapLine lists what failed, without the details: those may show data.
func gapLine(failures []failure) string {
	var gaps []string
	for _, f := range alike(failures) {
		gaps = append(gaps, f.Source+" "+f.Status)
	}
	text := text.Count(len(gaps), "gap") + ": "
	if len(gaps) > gapsTold {
		return text + strings.Join(gaps[:gapsTold], "; ") + fmt.Sprintf("; and %d more", len(gaps)-gapsTold)
	}
	return text + strings.Join(gaps, "; ")
}

// lines are the totals of a tenant in words.
func (t tenantTotals) lines() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", t.Tenant, text.Count(int(t.Users), "user"))
	if t.Active.Valid && t.ReportDate.Valid {
		fmt.Fprintf(&b, "; %d of %d licensed were active in the 30 days to %s", t.Active.Int64, t.Licensed.Int64, t.ReportDate.Time.Format(time.DateOnly))
	} else {
		b.WriteString("; activity is not measured yet")
	}
	b.WriteString("\n")
	if !t.Assigned.Valid {
		return b.String()
	}
	fmt.Fprintf(&b, "%s: %s assigned of %d bought", t.Tenant, text.Count(int(t.Assigned.Int64), "paid licence"), t.Bought.Int64)
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

// namedLines names the people with whom most can be saved, as many as were asked for.
func (r *runReport) namedLines(named []reclaimableUser) string {
	var b strings.Builder
	left := r.config.Notify.NamedUsers
	for _, u := range named {
		i := slices.IndexFunc(r.summary.Tenants, func(t tenantSummary) bool { return t.TenantID == u.TenantID && t.Err == nil })
		if i < 0 || left == 0 {
			continue
		}
		left--
		fmt.Fprintf(&b, "%s: %s (%s): %s\n", r.summary.Tenants[i].Tenant, u.Name, u.Reason, u.Products)
	}
	return b.String()
}
