package provision

import (
	"context"
)

// settle finds out what became of steps whose earlier run ended between an intent and its outcome,
// and takes up the outcomes that the ledger already has.
func (r *application) settle(ctx context.Context) error {
	entries, err := r.Control.Entries(ctx, EntryFilter{PlanID: r.plan.ID})
	if err != nil {
		return err
	}
	last := map[int64]Entry{}
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
		case Done, Settled:
			r.outcomes[s.Number] = Outcome{Step: s, Status: Applied}
		case Denied, Mismatch:
			r.outcomes[s.Number] = Outcome{Step: s, Status: Failed, Code: e.Code, Detail: e.Detail}
		case Intent:
			if err := r.settleIntent(ctx, s); err != nil {
				return err
			}
		case NotDone, Postponed: // to be done again
		}
	}
	return nil
}

// settleIntent closes an intent that a run left open.
func (r *application) settleIntent(ctx context.Context, s *Step) error {
	live, err := r.look(ctx, s, func(f Facet) bool { return f.Is(s.After) })
	if err != nil {
		return err
	}
	const died = "the run ended before the answer came"
	switch {
	case live.Is(s.After):
		r.outcomes[s.Number] = Outcome{Step: s, Status: Applied}
		return r.note(ctx, s, Settled, r.found(ctx, s), "", died+"; reading shows that it was done", "")
	case live.Is(s.Before):
		return r.note(ctx, s, NotDone, s.User, "interrupted", died+"; reading shows that nothing changed", "")
	}
	detail := died + "; reading shows " + difference(s.After, live)
	r.outcomes[s.Number] = Outcome{Step: s, Status: Failed, Code: "not_as_wanted", Detail: detail}
	return r.note(ctx, s, Mismatch, s.User, "not_as_wanted", detail, "")
}

// found is the user of a step that was done, with the id of one who was made by it: what takes the
// step back needs it.
func (r *application) found(ctx context.Context, s *Step) User {
	if s.User.ID != "" {
		return s.User
	}
	user, _, err := r.Directory.Account(ctx, s.User.UserPrincipalName)
	if err != nil { // the name will do
		return s.User
	}
	return user
}
