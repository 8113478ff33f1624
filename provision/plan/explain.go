package plan

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"m365lake/provision"
	"m365lake/provision/snapshot"
)

// refused says why nothing is done.
func (p *planner) refused(r *row) string {
	return fmt.Sprintf("Refused: %s.", r.refusal.Reason)
}

// already says why nothing is left to do.
func (p *planner) already(r *row) string {
	who := r.person.called()
	switch r.action.Kind {
	case provision.AssignLicense:
		if r.entry == nil {
			return fmt.Sprintf("%s has %s already.", who, r.product.Label())
		}
	case provision.RemoveLicense:
		if r.entry == nil {
			return fmt.Sprintf("%s does not have %s.", who, r.product.Label())
		}
	case provision.SwapLicense:
		if r.entry == nil {
			return fmt.Sprintf("%s has %s in place of %s already.", who, r.newProduct.Label(), r.product.Label())
		}
	case provision.DisableUser:
		return who + " is disabled already."
	case provision.EnableUser:
		return who + " is enabled already."
	case provision.DeleteUser:
		return who + " is deleted already."
	case provision.RestoreUser:
		return who + " is not deleted."
	case provision.AddToGroup:
		return fmt.Sprintf("%s is in the group %q already.", who, r.group.DisplayName)
	case provision.RemoveFromGroup:
		return fmt.Sprintf("%s is not in the group %q.", who, r.group.DisplayName)
	case provision.SetUsageLocation:
		return fmt.Sprintf("%s has this usage location already.", who)
	case provision.RevokeSessions:
		return "The sessions of " + who + " have ended already."
	}
	return "Everything is as it should be already."
}

// noSeat says that no seat is free.
func (p *planner) noSeat(r *row, sku string) string {
	s := p.seatsOf(sku)
	text := fmt.Sprintf("%s would get %s once a seat is free: %d of %d are taken", r.person.called(),
		p.products.Label(sku), s.After, s.Bought)
	if reserve := p.in.Settings.SeatReserve; reserve > 0 {
		text += fmt.Sprintf(", and seat_reserve keeps %d", reserve)
	}
	return text + "."
}

// sentence says what the step changes, what stays, and what the user loses.
func (p *planner) sentence(r *row, before provision.Facet, next *person) string {
	who := r.person
	parts := []string{p.change(r, before, next)}
	switch r.action.Kind {
	case provision.RemoveLicense, provision.SwapLicense, provision.RemoveFromGroup:
		parts = append(parts, p.keeps(who, next))
	case provision.AssignLicense:
		if r.entry != nil {
			parts = append(parts, p.keeps(who, next))
		}
	}
	if loses := p.loses(r, next); loses != "" {
		parts = append(parts, loses)
	}
	switch r.action.Kind {
	case provision.RemoveLicense, provision.SwapLicense, provision.DisableUser, provision.DeleteUser,
		provision.RemoveFromGroup:
		parts = append(parts, p.lastActive(r))
	}
	kept := parts[:0]
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "; ") + "."
}

// change says what the step does.
func (p *planner) change(r *row, before provision.Facet, next *person) string {
	who := r.person.called()
	if r.entry != nil {
		return p.takesBack(r, before)
	}
	switch r.action.Kind {
	case provision.AssignLicense, provision.SetDisabledPlans:
		text := fmt.Sprintf("Gives %s to %s", r.product.Label(), who)
		if before.Licenses[r.product.ID].Assigned {
			text = fmt.Sprintf("Changes the service plans of %s of %s", r.product.Label(), who)
		}
		return text + without(r.product, r.plans)
	case provision.RemoveLicense:
		return fmt.Sprintf("Removes %s from %s", r.product.Label(), who)
	case provision.SwapLicense:
		return fmt.Sprintf("Swaps %s of %s for %s%s", r.product.Label(), who, r.newProduct.Label(),
			without(r.newProduct, next.direct[r.newProduct.ID].DisabledPlans))
	case provision.DisableUser:
		return fmt.Sprintf("Disables %s: no sign-in any more, while licences, mail and files stay", who)
	case provision.EnableUser:
		return fmt.Sprintf("Enables %s", who)
	case provision.RevokeSessions:
		return fmt.Sprintf("Ends all sessions of %s, within minutes; the user signs in again", who)
	case provision.CreateUser:
		return fmt.Sprintf("Makes the user %s (%s), who must change the password at the first sign-in", who,
			strings.TrimSpace(r.action.DisplayName))
	case provision.DeleteUser:
		return fmt.Sprintf("Deletes %s; for 30 days the account can be restored, with licences and groups", who)
	case provision.RestoreUser:
		return fmt.Sprintf("Restores %s, with licences and groups as far as seats are free", who)
	case provision.AddToGroup:
		return fmt.Sprintf("Adds %s to the group %q%s", who, r.group.DisplayName, p.grants(r.group))
	case provision.RemoveFromGroup:
		return fmt.Sprintf("Takes %s out of the group %q%s", who, r.group.DisplayName, p.grants(r.group))
	case provision.SetUsageLocation:
		text := fmt.Sprintf("Sets the usage location of %s to %s", who,
			strings.ToUpper(strings.TrimSpace(r.action.UsageLocation)))
		if was := before.UsageLocation; was != nil && *was != "" {
			text += ", which was " + *was
		}
		return text
	}
	return string(r.action.Kind) + " " + who
}

// takesBack says what an undoing step does.
func (p *planner) takesBack(r *row, before provision.Facet) string {
	text := fmt.Sprintf("Takes back entry %d (%s) of %s", r.entry.ID, r.entry.Kind, r.person.called())
	wanted := r.entry.StateToRestore()
	for _, sku := range slices.Sorted(maps.Keys(wanted.Licenses)) {
		one, grant := p.products[sku], wanted.Licenses[sku]
		switch had := before.Licenses[sku].Assigned; {
		case grant.Assigned && !had:
			text += ", gives " + p.products.Label(sku)
		case !grant.Assigned && had:
			text += ", removes " + p.products.Label(sku)
		}
		if grant.Assigned && one != nil {
			text += without(one, grant.DisabledPlans)
		}
	}
	switch wanted.Account {
	case provision.Live:
		text += ", restores the account with licences and groups as far as seats are free"
	case provision.Deleted:
		text += ", deletes the account"
	}
	return text
}

func without(of *snapshot.Product, plans []string) string {
	if len(plans) == 0 {
		return ""
	}
	return " without " + of.PlanNames(plans)
}

// grants says which licences come with a group.
func (p *planner) grants(g *snapshot.Group) string {
	if len(g.AssignedLicenses) == 0 {
		return ""
	}
	var names []string
	for _, l := range g.AssignedLicenses {
		names = append(names, p.products.Label(l.SKUID))
	}
	return ", which grants " + strings.Join(names, ", ")
}

// mostNames is how many products a sentence lists.
const mostNames = 3

// keeps says what the user still has.
func (p *planner) keeps(who, next *person) string {
	var names []string
	for _, sku := range next.held() {
		if who.holds(sku) {
			label := p.products.Label(sku)
			if who.direct[sku].Assigned && !next.direct[sku].Assigned {
				label += " through " + p.through(next, sku)
			}
			names = append(names, label)
		}
	}
	switch n := len(names); {
	case n == 0 && len(next.held()) > 0:
		return ""
	case n == 0:
		return "no licence is left"
	case n > mostNames:
		return fmt.Sprintf("keeps %s and %d more", strings.Join(names[:mostNames], ", "), n-mostNames)
	}
	return "keeps " + strings.Join(names, ", ")
}

// through names the groups from which the user has a licence, and what decides who is in them.
func (p *planner) through(who *person, sku string) string {
	var names []string
	for _, way := range who.ways[sku] {
		name := fmt.Sprintf("the group %q", way.AssignedByGroup)
		if found := p.in.Tenant.Groups[way.AssignedByGroup]; len(found) == 1 {
			name = fmt.Sprintf("the group %q%s", cmp.Or(found[0].DisplayName, found[0].ID), found[0].MembershipNote())
		}
		names = append(names, name)
	}
	return strings.Join(names, " and ")
}

// inherited says why a licence cannot be taken from the user, and from where it can.
func (p *planner) inherited(who *person, one *snapshot.Product) string {
	remedy := "take the user out of the group"
	for _, way := range who.ways[one.ID] {
		if found := p.in.Tenant.Groups[way.AssignedByGroup]; len(found) == 1 {
			switch g := found[0]; {
			case g.IsDynamic():
				remedy = "change the rule of the group"
			case g.IsSynced():
				remedy = "change the group on premises"
			}
		}
	}
	return fmt.Sprintf("%s has %s through %s: it cannot be changed at the user; %s", who.called(), one.Label(),
		p.through(who, one.ID), remedy)
}

// loses says which mailbox and files the user cannot reach any more.
func (p *planner) loses(r *row, next *person) string {
	who := r.person
	had, has := who.plans(p.products), next.plans(p.products)
	facts := p.facts.Users[who.ID]
	var lost []string
	if had.hasAny(mailboxPlans) && !has.hasAny(mailboxPlans) {
		lost = append(lost, p.size("mailbox", facts.MailboxBytes))
	}
	if had.hasAny(oneDrivePlans) && !has.hasAny(oneDrivePlans) {
		lost = append(lost, p.size("OneDrive", facts.OneDriveBytes))
	}
	switch len(lost) {
	case 0:
		return ""
	case 1:
		return lost[0] + " becomes unreachable after the grace period"
	}
	return strings.Join(lost, " and ") + " become unreachable after the grace period"
}

// size says how much is stored. What no report says is not 0.
func (p *planner) size(what string, bytes *int64) string {
	switch {
	case p.in.Facts == nil:
		return what + " (size unknown: there is no warehouse)"
	case bytes == nil:
		return what + " (size not reported)"
	case *bytes < 1_000_000_000:
		return fmt.Sprintf("%s %.1f MB", what, float64(*bytes)/1e6)
	}
	return fmt.Sprintf("%s %.1f GB", what, float64(*bytes)/1e9)
}

// lastActive says when the user last did anything, and how sure the warehouse is.
func (p *planner) lastActive(r *row) string {
	facts, known := p.facts.Users[r.person.ID]
	text := ""
	switch {
	case p.in.Facts == nil:
		return "when the user was last active cannot be known: there is no warehouse"
	case !known:
		return "the warehouse does not know the user"
	case facts.ReportDate == "":
		return "when the user was last active is not known: no report was good enough"
	case !facts.Reported:
		return "the usage reports do not list the user"
	case facts.LastActivity == "":
		text = "never active in any app up to " + facts.ReportDate
	default:
		text = "last active " + facts.LastActivity
	}
	for _, one := range p.facts.Findings.ByUser[r.person.ID] {
		if taken := r.taken(); taken == nil || taken.ID == one.SKU {
			return fmt.Sprintf("%s (%s, confidence %s)", text, one.Basis, one.Confidence)
		}
	}
	return text
}

// notes are what else the person who approves should know.
func (p *planner) notes(r *row, next *person) []string {
	var notes []string
	who := r.person
	had, has := who.plans(p.products), next.plans(p.products)
	if had.hasAny(mailboxPlans) && !has.hasAny(mailboxPlans) && next.state == provision.Live {
		notes = append(notes, "Nothing else of the user gives a mailbox: Microsoft keeps it for 30 days and then deletes it.")
	}
	if had.hasAny(oneDrivePlans) && !has.hasAny(oneDrivePlans) && next.state == provision.Live {
		notes = append(notes, "Nothing else of the user gives a OneDrive.")
	}
	if r.action.Kind == provision.AssignLicense && r.product != nil && len(who.ways[r.product.ID]) > 0 {
		notes = append(notes, fmt.Sprintf("The user has it through %s as well; both share one seat.",
			p.through(who, r.product.ID)))
	}
	if next.state == provision.Live && !next.enabled && len(moved(who, next)) > 0 &&
		r.action.Kind == provision.AssignLicense {
		notes = append(notes, "The account is disabled.")
	}
	if who.guest && r.action.Kind == provision.RevokeSessions {
		notes = append(notes, "Sessions of guests belong to their own organization and go on.")
	}
	moves := moved(who, next)
	if r.action.Kind == provision.RestoreUser {
		for _, sku := range slices.Sorted(maps.Keys(moves)) {
			if s := p.seatsOf(sku); moves[sku] > 0 && s.After+1 > s.Bought {
				notes = append(notes, fmt.Sprintf("No seat of %s is free: Microsoft may restore the account without it.",
					p.products.Label(sku)))
			}
		}
	}
	if r.action.Kind == provision.AddToGroup {
		for _, sku := range slices.Sorted(maps.Keys(moves)) {
			if s := p.seatsOf(sku); moves[sku] > 0 && s.After+1 > s.Bought {
				notes = append(notes, fmt.Sprintf("No seat of %s is free: the user would be in the group without the licence.",
					p.products.Label(sku)))
			}
		}
		if r.group != nil && len(r.group.AssignedLicenses) > 0 && who.location == "" {
			notes = append(notes, "The user has no usage location; licences through the group take the tenant's.")
		}
	}
	for _, sku := range slices.Sorted(maps.Keys(moves)) {
		if s := p.seatsOf(sku); s.Bought < s.After {
			notes = append(notes, fmt.Sprintf("More seats of %s are assigned than were bought.", p.products.Label(sku)))
		}
	}
	if r.entry != nil && r.entry.Before.Account == provision.Absent {
		notes = append(notes, "The account cannot be unmade: it stays among the deleted ones for 30 days.")
	}
	return notes
}

// cents rounds money.
func cents(amount float64) float64 { return math.Round(100*amount) / 100 }
