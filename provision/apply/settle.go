package apply

import (
	"context"

	"m365lake/provision"
	"m365lake/provision/control"
)

// settle finds out what became of steps whose earlier run ended between an intent and its outcome,
// and takes up the outcomes that the ledger already has.
func (r *application) settle(ctx context.Context) error {
	var entries []provision.Entry
	err := r.Control.View(ctx, func(db *control.Database) (err error) {
		entries, err = db.Entries(ctx, control.EntryFilter{PlanID: r.plan.ID})
		return err
	})
	if err != nil {
		return err
	}
	last := map[int64]provision.Entry{}
	for _, e := range entries { // in the order in which they were written
		last[e.ActionID] = e
	}
	for i := range r.plan.Steps {
		s := &r.plan.Steps[i]
		e, known := last[s.ActionID]
		if !known {
			continue
		}
		switch e.Event {
		case provision.Done, provision.Settled:
			r.outcomes[s.Number] = provision.Outcome{Step: s, Status: provision.Applied}
		case provision.Denied, provision.Mismatch:
			r.outcomes[s.Number] = provision.Outcome{Step: s, Status: provision.Failed, Code: e.Code, Detail: e.Detail}
		case provision.Intent:
			if err := r.settleIntent(ctx, s); err != nil {
				return err
			}
		case provision.NotDone, provision.Postponed: // to be done again
		}
	}
	return nil
}

// settleIntent closes an intent that a run left open.
func (r *application) settleIntent(ctx context.Context, s *provision.Step) error {
	live, err := r.readUntil(ctx, s, func(f provision.Facet) bool { return f.Matches(s.After) })
	if err != nil {
		return err
	}
	const died = "the run ended before the answer came"
	switch {
	case live.Matches(s.After):
		r.outcomes[s.Number] = provision.Outcome{Step: s, Status: provision.Applied}
		return r.appendEntry(ctx, s, provision.Settled, r.userOf(ctx, s), "", died+"; reading shows that it was done", "")
	case live.Matches(s.Before):
		return r.appendEntry(ctx, s, provision.NotDone, s.User, "interrupted",
			died+"; reading shows that nothing changed", "")
	}
	detail := died + "; reading shows " + provision.Difference(s.After, live)
	r.outcomes[s.Number] = provision.Outcome{Step: s, Status: provision.Failed, Code: "not_as_wanted", Detail: detail}
	return r.appendEntry(ctx, s, provision.Mismatch, s.User, "not_as_wanted", detail, "")
}

// userOf is the user of a step that was done, with the id of one who was made by it: what takes the
// step back needs it.
func (r *application) userOf(ctx context.Context, s *provision.Step) provision.User {
	if s.User.ID != "" {
		return s.User
	}
	user, _, err := r.Tenant.FindUser(ctx, s.User.UserPrincipalName)
	if err != nil { // the name will do
		return s.User
	}
	return user
}
