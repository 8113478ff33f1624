// Package check asks, before a run, whether it would work and what it would lack: the machine, the sign-in, the
// permissions and the settings of each tenant. Its answers are data; who called it shows them.
//
// It writes nothing but a person's renewed sign-in, and needs no warehouse.
package check

import (
	"context"
	"slices"

	"github.com/sourcegraph/conc/pool"

	"m365lake/config"
)

// A Finding is one thing that was looked at, what was found, and what to do about it.
type Finding struct {
	Subject string `json:"subject"` // such as sign-in, clock, or the name of a permission
	Status  Status `json:"status"`
	Text    string `json:"text"`
	Remedy  string `json:"remedy,omitempty"`
}

// A Status says what a sync would make of a finding.
type Status string

const (
	OK   Status = "ok"
	Note Status = "note" // worth knowing; a sync ends well
	Gap  Status = "gap"  // a sync publishes without what this is about
	Stop Status = "stop" // a sync gets nothing of the tenant; a finding of the machine stops all tenants
)

// Questions are what is asked about.
type Questions struct {
	Config    config.Config
	UserAgent string // of the requests to Graph
}

// A Result is what was found. Its JSON is that of m365lake check.
type Result struct {
	Config  string    `json:"config"`
	Data    string    `json:"data"`
	Machine []Finding `json:"machine"`
	Tenants []Tenant  `json:"tenants"` // in the order of the configuration
}

// An Outcome is how a sync would end under the circumstances that were found.
type Outcome int

const (
	Works Outcome = iota
	WorksWithGaps
	PublishesNothing
)

// tenantsAtOnce bounds how many tenants are asked at the same time.
const tenantsAtOnce = 4

// Ask looks at the machine, and at the tenants at the same time. A failure is a finding, not an error; when ctx ends,
// the result is incomplete.
func (q Questions) Ask(ctx context.Context) Result {
	c := q.Config
	result := Result{Config: c.File, Data: c.Data, Machine: checkMachine(c), Tenants: make([]Tenant, len(c.Tenants))}
	work := pool.New().WithMaxGoroutines(tenantsAtOnce)
	for i, t := range c.Tenants {
		work.Go(func() { result.Tenants[i] = q.askTenant(ctx, t) })
	}
	work.Wait()
	return result
}

// Outcome is that of a sync: one tenant is enough to publish, and one gap is enough for a run with gaps.
func (r Result) Outcome() Outcome {
	has := func(findings []Finding, status Status) bool {
		return slices.ContainsFunc(findings, func(f Finding) bool { return f.Status == status })
	}
	stopped, gaps := 0, has(r.Machine, Gap)
	for _, t := range r.Tenants {
		if has(t.Findings, Stop) {
			stopped++
		}
		gaps = gaps || has(t.Findings, Gap)
	}
	switch {
	case has(r.Machine, Stop) || stopped == len(r.Tenants):
		return PublishesNothing
	case gaps || stopped > 0:
		return WorksWithGaps
	}
	return Works
}

// Findings are all of them: those of the machine, then those of each tenant.
func (r Result) Findings() []Finding {
	all := slices.Clone(r.Machine)
	for _, t := range r.Tenants {
		all = append(all, t.Findings...)
	}
	return all
}
