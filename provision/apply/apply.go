package apply

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/sourcegraph/conc/pool"

	"m365lake/internal/clock"
	"m365lake/provision"
	"m365lake/provision/control"
	"m365lake/provision/tenant"
)

// An Applier carries out approved plans of one tenant. It has the control database open for at most a
// second at a time, so that other commands get at it during a long run.
type Applier struct {
	Control   *control.File
	Turn      time.Duration // how long to wait for another run that applies a plan; 0 is not at all
	Tenant    *tenant.Client
	Warehouse *sql.DB // what evidence is checked against; nil when there is none. The caller closes it
	Clock     clock.Clock
	RunID     string // of the ledger's entries; empty: that of the run that began the plan, or else a new one
	By        string // who applies
	Patience  Patience
	OnOutcome func(provision.Outcome) // called as steps end, one at a time; nil is allowed
}

// Patience is how long an Applier waits for Graph to agree with itself. The zero value is GraphPatience.
type Patience struct {
	First time.Duration // before the second look; doubles with each further one
	Total time.Duration // of all looks at one step
}

// GraphPatience is for Microsoft's Graph: what was written may take minutes to be read everywhere.
// Microsoft's own advice is to wait 1, 2, 4, 8 and 16 seconds.
func GraphPatience() Patience { return Patience{First: time.Second, Total: 2 * time.Minute} }

// application is one call of Apply.
type application struct {
	*Applier
	runID    string
	patience Patience
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

// Apply carries out an approved plan, or what an interrupted run left of it. It returns an error, and
// changes nothing, when the plan as a whole may not be applied, and when another run applies a plan of the
// same control database. A step that may not be done, or that Graph refuses, is an Outcome. When ctx
// ends, the calls that are on their way are finished and written down, and its error is returned.
func (a *Applier) Apply(ctx context.Context, planID string) (summary provision.Summary, err error) {
	unlock, err := a.Control.LockApply(ctx, planID, a.Turn)
	if err != nil {
		return provision.Summary{}, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	release := a.Control.KeepOpen()
	defer func() { err = errors.Join(err, release()) }()
	run, saved, err := a.begin(ctx, planID)
	if err != nil {
		return provision.Summary{}, err
	}
	summary = provision.Summary{PlanID: saved.Plan.ID, RunID: run.runID}
	if saved.Status == provision.PlanApplied || saved.Status == provision.PlanEmpty {
		return summary, nil // nothing is left to do, and saying so twice does no harm
	}
	if saved.Plan.TenantID != a.Tenant.TenantID {
		return summary, fmt.Errorf("plan %s is for tenant %s, and this is %s", planID, saved.Plan.TenantID, a.Tenant.TenantID)
	}
	// What a run that died has done is found out even when the plan may go no further.
	if err := run.settle(ctx); err != nil {
		return summary, err
	}
	if err := run.mayApply(saved); err != nil {
		return summary, errors.Join(err, run.saveOutcomes(context.WithoutCancel(ctx), saved.Status))
	}
	if run.gate, err = run.openGate(ctx); err != nil {
		return summary, err
	}
	work, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	run.stop = stop
	err = run.carryOut(work)
	if cause := context.Cause(work); cause != nil && ctx.Err() == nil {
		err = cause
		if stopped := (*stoppedError)(nil); errors.As(cause, &stopped) {
			summary.Stopped, err = stopped.Error(), nil
		}
	}
	// The outcomes of what was done are written down also when the run is being interrupted.
	err = errors.Join(err, run.saveOutcomes(context.WithoutCancel(ctx), saved.Status))
	summary.Open = run.open
	for _, o := range run.outcomes {
		summary.Outcomes = append(summary.Outcomes, o)
	}
	slices.SortFunc(summary.Outcomes, func(x, y provision.Outcome) int {
		return cmp.Compare(x.Step.Number, y.Step.Number)
	})
	return summary, err
}

// begin reads the plan and the rules.
func (a *Applier) begin(ctx context.Context, planID string) (*application, *provision.SavedPlan, error) {
	run := &application{Applier: a, runID: a.RunID, patience: a.Patience, outcomes: map[int]provision.Outcome{}}
	if run.patience == (Patience{}) {
		run.patience = GraphPatience()
	}
	var saved *provision.SavedPlan
	err := a.Control.View(ctx, func(db *control.Database) (err error) {
		if err := db.VerifyLedger(ctx); err != nil {
			return err
		}
		if saved, err = db.Plan(ctx, planID); err != nil {
			return err
		}
		run.plan = &saved.Plan
		if run.settings, err = db.Settings(ctx); err != nil || run.runID != "" {
			return err
		}
		run.runID, err = runOf(ctx, db, saved.ID)
		return err
	})
	return run, saved, err
}

// runOf is the id under which a plan is applied: that of the run that began it, so that the whole of it
// can be undone by one name.
func runOf(ctx context.Context, db *control.Database, planID string) (string, error) {
	entries, err := db.Entries(ctx, control.EntryFilter{PlanID: planID})
	if err != nil {
		return "", err
	}
	if len(entries) > 0 {
		return entries[0].RunID, nil
	}
	id, err := uuid.NewV7() // sorts by time
	return id.String(), err
}

// stoppedError ends a run that met too many answers that the program does not know.
type stoppedError struct{ reason string }

func (e *stoppedError) Error() string { return e.reason }

// remainingSteps are the steps that change something and have no outcome yet, in order. What the plan said
// could not or need not be done is none of them.
func (r *application) remainingSteps() []*provision.Step {
	var steps []*provision.Step
	for i := range r.plan.Steps {
		s := &r.plan.Steps[i]
		if _, ended := r.outcomes[s.Number]; !ended && s.Verdict == provision.Change {
			steps = append(steps, s)
		}
	}
	return steps
}

// carryOut does the steps that are left: stage by stage, so that seats are freed before they are needed,
// those of one user in order, users beside each other. Steps that had to wait, for a seat or for
// another step of their user, are tried once more when all others are through.
func (r *application) carryOut(ctx context.Context) error {
	var stages [][]*provision.Step
	for _, s := range r.remainingSteps() {
		n := s.Kind.Stage()
		for len(stages) <= n {
			stages = append(stages, nil)
		}
		stages[n] = append(stages[n], s)
	}
	var waiting []*provision.Step
	for _, steps := range stages {
		waiting = append(waiting, r.carryOutBeside(ctx, steps)...)
	}
	r.last = true
	r.carryOutBeside(ctx, waiting)
	return ctx.Err()
}

// carryOutBeside does steps and returns those that wait.
func (r *application) carryOutBeside(ctx context.Context, steps []*provision.Step) (waiting []*provision.Step) {
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
				if ctx.Err() != nil || !r.mayDo(ctx, s) || !r.tryStep(ctx, s) {
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

// conclude notes what became of a step.
func (r *application) conclude(s *provision.Step, status provision.Status, code, detail string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := provision.Outcome{Step: s, Status: status, Code: code, Detail: detail}
	r.outcomes[s.Number] = o
	if r.OnOutcome != nil {
		r.OnOutcome(o)
	}
}

// saveOutcomes writes the outcomes into the actions, and how far the plan is.
func (r *application) saveOutcomes(ctx context.Context, from provision.PlanStatus) error {
	status := from
	switch {
	case len(r.remainingSteps()) == 0:
		status = provision.PlanApplied
	case len(r.outcomes) > 0:
		status = provision.PlanStopped
	}
	if len(r.outcomes) == 0 && status == from {
		return nil
	}
	return r.Control.Change(ctx, func(db *control.Database) error {
		for _, number := range slices.Sorted(maps.Keys(r.outcomes)) {
			o := r.outcomes[number]
			if o.Code == rowGone { // there is no row to write it into
				continue
			}
			text := o.Detail
			if o.Code != "" {
				text = o.Code + ": " + o.Detail
			}
			if err := db.SetOutcome(ctx, o.Step.ActionID, o.Status, text); err != nil {
				return err
			}
		}
		if status == from {
			return nil
		}
		return db.SetPlanStatus(ctx, r.plan.ID, status)
	})
}
