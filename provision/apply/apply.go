package apply

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"m365lake/provision"
	"m365lake/provision/control"
	"m365lake/provision/tenant"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/sourcegraph/conc/pool"
)

// An Applier carries out approved plans of one tenant.
type Applier struct {
	Control   *control.Database
	Directory *tenant.Client
	Warehouse *sql.DB // what evidence is checked against; nil when there is none
	Now       func() time.Time
	RunID     string
	By        string
	Patience  Patience
	OnOutcome func(provision.Outcome) // called as steps end, one at a time; nil is allowed
}

// Patience is how long an Applier waits for Graph to agree with itself.
type Patience struct {
	First time.Duration // before the second look; doubles with each further one
	Total time.Duration // of all looks at one step
}

// GraphPatience is for Microsoft's Graph: what was written may take minutes to be read everywhere.
// Source: reference on eventual consistency; Microsoft's own advice is 1, 2, 4, 8, 16 seconds.
var GraphPatience = Patience{First: time.Second, Total: 2 * time.Minute}

// application is one call of Apply.
type application struct {
	*Applier
	plan     *provision.Plan
	settings provision.Settings
	gate     *gate
	last     bool // what still has to wait ends

	mu       sync.Mutex
	outcomes map[int]provision.Outcome
	unknown  int
	open     []string // steps whose outcome could not be found out
	stop     context.CancelCauseFunc
}

// Apply carries out an approved plan, or what an interrupted run left of it. It changes nothing
// when the plan as a whole may not be applied; that is an error. A step that may not be done, or
// that Graph refuses, is an Outcome.
func (a *Applier) Apply(ctx context.Context, planID string) (provision.Summary, error) {
	if err := a.Control.VerifyLedger(ctx); err != nil {
		return provision.Summary{}, err
	}
	saved, err := a.Control.Plan(ctx, planID)
	if err != nil {
		return provision.Summary{}, err
	}
	if saved.Status == provision.PlanApplied || saved.Status == provision.PlanEmpty {
		return provision.Summary{PlanID: saved.ID, RunID: a.RunID}, nil // nothing is left to do, and saying so twice does no harm
	}
	settings, err := a.Control.Settings(ctx)
	if err != nil {
		return provision.Summary{}, err
	}
	run := &application{Applier: a, plan: &saved.Plan, settings: settings, outcomes: map[int]provision.Outcome{}}
	summary := provision.Summary{PlanID: saved.Plan.ID, RunID: a.RunID}
	if saved.Plan.TenantID != a.Directory.TenantID {
		return summary, fmt.Errorf("plan %s is for tenant %s, and this is %s", planID, saved.Plan.TenantID, a.Directory.TenantID)
	}
	// What a run that died has done is found out even when the plan may go no further.
	if err := run.settle(ctx); err != nil {
		return summary, err
	}
	if err := run.mayApply(saved); err != nil {
		return summary, errors.Join(err, run.record(context.WithoutCancel(ctx), saved.Status))
	}
	if run.gate, err = run.openGate(ctx); err != nil {
		return summary, err
	}
	work, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	run.stop = stop
	err = run.all(work)
	if cause := context.Cause(work); cause != nil && ctx.Err() == nil {
		err = cause
		if stopped := (*stoppedError)(nil); errors.As(cause, &stopped) {
			summary.Stopped, err = stopped.Error(), nil
		}
	}
	// The outcomes of what was done are written down also when the run is being interrupted.
	err = errors.Join(err, run.record(context.WithoutCancel(ctx), saved.Status))
	summary.Open = run.open
	for _, o := range run.outcomes {
		summary.Outcomes = append(summary.Outcomes, o)
	}
	slices.SortFunc(summary.Outcomes, func(x, y provision.Outcome) int { return cmp.Compare(x.Step.Number, y.Step.Number) })
	return summary, err
}

// stoppedError ends a run that met too many answers nobody knows.
type stoppedError struct{ reason string }

func (e *stoppedError) Error() string { return e.reason }

// left are the steps that change something and have no outcome yet, in order. What the plan said
// could not or need not be done is none of them.
func (r *application) left() []*provision.Step {
	var steps []*provision.Step
	for i := range r.plan.Steps {
		s := &r.plan.Steps[i]
		if _, ended := r.outcomes[s.Number]; !ended && s.Verdict == provision.Change {
			steps = append(steps, s)
		}
	}
	return steps
}

// all does the steps that are left: stage by stage, so that seats are freed before they are needed,
// those of one user in order, users beside each other. Steps that had to wait, for a seat or for
// another step of their user, are tried once more when all others are through.
func (r *application) all(ctx context.Context) error {
	var stages [][]*provision.Step
	for _, s := range r.left() {
		n := s.Kind.Stage()
		for len(stages) <= n {
			stages = append(stages, nil)
		}
		stages[n] = append(stages[n], s)
	}
	var waiting []*provision.Step
	for _, steps := range stages {
		waiting = append(waiting, r.pass(ctx, steps)...)
	}
	r.last = true
	r.pass(ctx, waiting)
	return ctx.Err()
}

// pass does steps and returns those that wait.
func (r *application) pass(ctx context.Context, steps []*provision.Step) (waiting []*provision.Step) {
	var users []string
	byUser := map[string][]*provision.Step{}
	for _, s := range steps {
		key := s.User.Key()
		if byUser[key] == nil {
			users = append(users, key)
		}
		byUser[key] = append(byUser[key], s)
	}
	var mu sync.Mutex
	workers := pool.New().WithMaxGoroutines(r.settings.WriteConcurrency)
	for _, user := range users {
		workers.Go(func() {
			for _, s := range byUser[user] {
				if ctx.Err() != nil || !r.lets(ctx, s) || !r.step(ctx, s) {
					continue
				}
				mu.Lock()
				waiting = append(waiting, s)
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	slices.SortFunc(waiting, func(x, y *provision.Step) int { return cmp.Compare(x.Number, y.Number) })
	return waiting
}

// end notes what became of a step.
func (r *application) end(s *provision.Step, status provision.Status, code, detail string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := provision.Outcome{Step: s, Status: status, Code: code, Detail: detail}
	r.outcomes[s.Number] = o
	if r.OnOutcome != nil {
		r.OnOutcome(o)
	}
}

// record writes the outcomes into the actions, and how far the plan is.
func (r *application) record(ctx context.Context, from provision.PlanStatus) error {
	for _, number := range slices.Sorted(maps.Keys(r.outcomes)) {
		o := r.outcomes[number]
		text := o.Detail
		if o.Code != "" {
			text = o.Code + ": " + o.Detail
		}
		if err := r.Control.SetOutcome(ctx, o.Step.ActionID, o.Status, text); err != nil {
			return err
		}
	}
	status := from
	switch {
	case len(r.left()) == 0:
		status = provision.PlanApplied
	case len(r.outcomes) > 0:
		status = provision.PlanStopped
	}
	if status == from {
		return nil
	}
	return r.Control.SetPlanStatus(ctx, r.plan.ID, status)
}
