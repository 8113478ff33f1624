package apply

import (
	"context"
	"errors"
	"fmt"
	"time"

	"m365lake/provision"
	"m365lake/provision/control"
	"m365lake/provision/tenant"
)

// tries is how often a step is tried when Graph was busy or its answer was lost.
const tries = 5

// tryStep does one step: look, write the intent down, call, look again, write the outcome down. It
// returns true when the step has to wait: for a seat, or for another step of its user.
func (r *application) tryStep(ctx context.Context, s *provision.Step) (waits bool) {
	for try := 1; ; try++ {
		if ready, waits := r.isAsPlanned(ctx, s); !ready {
			return waits
		}
		if !r.writeIntent(ctx, s) {
			return false
		}
		// From here on an interruption must not leave the intent open if it can be helped.
		failure := r.callGraph(context.WithoutCancel(ctx), s)
		switch {
		case failure == nil:
			return false
		case waitable(failure) && !r.last:
			return true
		case failure.Class == tenant.ClassWaitForSeat:
			r.conclude(s, provision.WaitingForSeat, failure.Code, "no seat was free; the next plan takes it up again")
			return false
		case waitable(failure):
			r.conclude(s, provision.Failed, failure.Code, failure.Detail)
			return false
		case try >= tries:
			r.conclude(s, provision.Failed, failure.Code, failure.Detail)
			return false
		}
		if r.Clock.Sleep(ctx, r.patience.First<<try) != nil {
			return false // the next run goes on
		}
	}
}

// waitable says whether other steps of the plan may make a refused one possible: they free a seat, or
// give or take the product with the service plan that was in the way.
func waitable(f *tenant.Failure) bool {
	return f.Class == tenant.ClassWaitForSeat || f.Code == "dependency" || f.Code == "exclusive_plans"
}

// isAsPlanned says whether the tenant is as it was when the step was planned; if not it ends the step, or
// says that it waits for one of its user that came before it and is waiting.
func (r *application) isAsPlanned(ctx context.Context, s *provision.Step) (ready, waits bool) {
	live, err := r.Tenant.ReadFacet(ctx, *s)
	if err == nil && !live.Matches(s.Before) && !live.Matches(s.After) {
		// A replica of Graph may lag behind what this run did to the same user a moment ago.
		live, err = r.readUntil(ctx, s, func(f provision.Facet) bool { return f.Matches(s.Before) || f.Matches(s.After) })
	}
	switch {
	case ctx.Err() != nil:
	case err != nil:
		r.conclude(s, provision.Failed, "not_readable", "the user's state could not be read: "+err.Error())
	case live.Matches(s.After):
		r.conclude(s, provision.AlreadyDone, "", "the tenant is already as wanted: somebody else did it since the plan")
	case !live.Matches(s.Before) && !r.last && r.hasEarlierStep(s):
		return false, true
	case !live.Matches(s.Before):
		r.conclude(s, provision.Refused, "moved",
			"the tenant moved since the plan: "+provision.Difference(s.Before, live)+"; make a new plan")
	default:
		return true, false
	}
	return false, false
}

// hasEarlierStep says whether an earlier step of the same user has no outcome yet.
func (r *application) hasEarlierStep(s *provision.Step) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.plan.Steps {
		other := &r.plan.Steps[i]
		if other.Number == s.Number {
			return false
		}
		if _, ended := r.outcomes[other.Number]; !ended && other.Verdict == provision.Change &&
			other.User.Key() == s.User.Key() {
			return true
		}
	}
	return false
}

// callGraph does the one call of a step whose intent is written, and closes the intent. What it returns
// may be tried again; nil ends the step.
func (r *application) callGraph(ctx context.Context, s *provision.Step) *tenant.Failure {
	receipt, err := r.Tenant.Do(ctx, *s)
	if err == nil {
		r.readBack(ctx, s, receipt)
		return nil
	}
	var failure *tenant.Failure
	if !errors.As(err, &failure) {
		failure = &tenant.Failure{Class: tenant.ClassUncertain, Code: "no_answer", Detail: err.Error()}
	}
	class := failure.Class
	if waitable(failure) {
		class = tenant.ClassWaitForSeat
	}
	switch class {
	case tenant.ClassWaitForSeat, tenant.ClassRetry:
		if err := r.appendEntry(ctx, s, provision.Postponed, s.User, failure.Code, failure.Detail,
			failure.RequestID); err != nil {
			r.abort(err)
			return nil
		}
		return failure
	case tenant.ClassAlreadyDone:
		r.readBack(ctx, s, tenant.Receipt{RequestID: failure.RequestID})
	case tenant.ClassUncertain:
		return r.Find(ctx, s, failure, r.patience.Total)
	case tenant.ClassUnknown: // a refusal all the same: a short look will do
		if r.Find(ctx, s, failure, 4*r.patience.First) != nil {
			r.conclude(s, provision.Failed, failure.Code, failure.Detail)
		}
		r.countUnknown(failure)
	default:
		r.closeIntent(ctx, s, provision.Denied, provision.Failed, failure.Code, failure.Detail, failure.RequestID)
	}
	return nil
}

// readBack compares the tenant with what the step promised.
func (r *application) readBack(ctx context.Context, s *provision.Step, receipt tenant.Receipt) {
	live, err := r.readUntil(ctx, s, func(f provision.Facet) bool { return f.Matches(s.After) })
	switch {
	case err == nil && live.Matches(s.After):
		r.closeIntent(ctx, s, provision.Done, provision.Applied, "", "", receipt.RequestID)
	case err != nil:
		r.closeIntent(ctx, s, provision.Mismatch, provision.Failed, "not_read_back",
			"Graph accepted it, but it could not be read back: "+err.Error(), receipt.RequestID)
	default:
		r.closeIntent(ctx, s, provision.Mismatch, provision.Failed, "not_as_wanted",
			"Graph accepted it, but reading back shows "+provision.Difference(s.After, live), receipt.RequestID)
	}
}

// Find settles a call whose answer does not tell whether it was carried out. It returns the failure
// when nothing changed.
func (r *application) Find(
	ctx context.Context, s *provision.Step, failure *tenant.Failure, patience time.Duration,
) *tenant.Failure {
	live, err := r.readUntilOver(ctx, s, patience, func(f provision.Facet) bool { return f.Matches(s.After) })
	switch {
	case err != nil:
		// The intent stays open: the next run settles it.
		r.mu.Lock()
		r.open = append(r.open, fmt.Sprintf("step %d: whether it was done could not be found out: %v", s.Number, err))
		r.mu.Unlock()
	case live.Matches(s.After):
		r.closeIntent(ctx, s, provision.Settled, provision.Applied, "", "", failure.RequestID)
	case live.Matches(s.Before):
		if err := r.appendEntry(ctx, s, provision.NotDone, s.User, failure.Code, failure.Detail,
			failure.RequestID); err != nil {
			r.abort(err)
			return nil
		}
		return failure
	default:
		r.closeIntent(ctx, s, provision.Mismatch, provision.Failed, "not_as_wanted",
			failure.Detail+"; reading back shows "+provision.Difference(s.After, live), failure.RequestID)
	}
	return nil
}

// countUnknown counts answers that the program does not know; too many of them end the run.
func (r *application) countUnknown(f *tenant.Failure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unknown++
	if r.unknown >= r.settings.UnknownErrorLimit {
		r.stop(&stoppedError{fmt.Sprintf("stopped after %d errors that m365lake does not know, the last: %s; nothing else "+
			"of the plan was touched", r.unknown, f.Detail)})
	}
}

// abort ends the run because the ledger cannot be written: without it nothing may be changed.
func (r *application) abort(err error) { r.stop(fmt.Errorf("ledger: %w", err)) }

// closeIntent writes the outcome of an intent and of its step.
func (r *application) closeIntent(
	ctx context.Context, s *provision.Step, event provision.Event, status provision.Status, code, detail, requestID string,
) {
	user := s.User
	if status == provision.Applied {
		user = r.userOf(ctx, s)
	}
	if err := r.appendEntry(ctx, s, event, user, code, detail, requestID); err != nil {
		r.abort(err)
		return
	}
	r.conclude(s, status, code, detail)
}

// newEntry is an entry of the ledger about a step.
func (r *application) newEntry(
	s *provision.Step, event provision.Event, user provision.User, code, detail, requestID string,
) provision.Entry {
	return provision.Entry{
		RunID: r.runID, PlanID: r.plan.ID, ActionID: s.ActionID, TenantID: r.plan.TenantID,
		At:    r.Clock.Now().UTC().Truncate(time.Microsecond),
		Event: event, Kind: s.Kind, User: user, Before: s.Before, After: s.After,
		Code: code, Detail: detail, RequestID: requestID, Actor: r.By,
	}
}

// appendEntry adds an entry to the ledger. When it returns nil, the entry is on disk.
func (r *application) appendEntry(
	ctx context.Context, s *provision.Step, event provision.Event, user provision.User, code, detail, requestID string,
) error {
	return r.Control.Change(ctx, func(db *control.Database) error {
		_, err := db.AppendEntry(ctx, r.newEntry(s, event, user, code, detail, requestID))
		return err
	})
}

// readUntil reads the facet of a step until it is as hoped or the patience is over, and returns what it
// saw last.
func (r *application) readUntil(
	ctx context.Context, s *provision.Step, hoped func(provision.Facet) bool,
) (provision.Facet, error) {
	return r.readUntilOver(ctx, s, r.patience.Total, hoped)
}

func (r *application) readUntilOver(
	ctx context.Context, s *provision.Step, total time.Duration, hoped func(provision.Facet) bool,
) (provision.Facet, error) {
	var live provision.Facet
	var err error
	for wait, waited := r.patience.First, time.Duration(0); ; wait *= 2 {
		if live, err = r.Tenant.ReadFacet(ctx, *s); err == nil && hoped(live) || waited >= total {
			return live, err
		}
		wait = min(wait, total-waited)
		waited += wait
		if err := r.Clock.Sleep(ctx, wait); err != nil {
			return live, err
		}
	}
}
