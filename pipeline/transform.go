package pipeline

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/extract"
	"m365lake/schemas"
	"m365lake/transform"
	"m365lake/transform/directory"
	"m365lake/transform/report"
	"m365lake/transform/runrecord"
	"m365lake/transform/userindex"
)

// batches are what a transform makes; a stream of them becomes lake files that are published together.
type batches = iter.Seq2[schemas.Batch, error]

// A tenantTransform turns one tenant's raw files into lake files.
type tenantTransform struct {
	*tenantRun
	owner    transform.Tenant // whose rows of which day are made
	pulled   map[string]extract.Result
	grants   *directory.Grants  // what the products of the tenant give; complete after its products
	index    *userindex.Index   // who everybody is; complete after the users
	previous transform.Previous // the users of the last run
	users    int
	surveys  surveys // of the listings; complete before anything is made of them

	mu       sync.Mutex // guards outcomes and the run's record
	outcomes []report.Outcome
}

func newTenantTransform(t *tenantRun, results []extract.Result) *tenantTransform {
	pulled := make(map[string]extract.Result, len(results))
	for _, result := range results {
		pulled[result.Source.Name] = result
	}
	return &tenantTransform{
		tenantRun: t, owner: t.batchOwner(), pulled: pulled,
		grants: directory.NewGrants(t.products), index: &userindex.Index{},
	}
}

// batchOwner is whose rows of which day the transforms make.
func (t *tenantRun) batchOwner() transform.Tenant {
	return transform.Tenant{ID: t.tenant.TenantID, Name: t.tenant.Name, Day: t.Day, Mem: memory.DefaultAllocator}
}

// makeTables makes the tenant's tables in the order in which they need each other. An error ends the tenant: it is
// this machine's, or one with which going on would do harm.
func (t *tenantTransform) makeTables(ctx context.Context) error {
	t.previous = t.stored(ctx, &schemas.Users)
	for _, part := range []func(context.Context) error{
		t.survey, t.organization, t.subscriptions, t.licenseGroups, t.skus, // what the tenant has
		t.listUsers, t.aboutUsers, // who is there, and what needs to know that: the usage reports too
		t.counts, t.prices, t.provisioning, t.statuses,
	} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// aboutUsers makes what needs to know who everybody is.
func (t *tenantTransform) aboutUsers(ctx context.Context) error {
	if !t.fit(extract.SubscribedSKUs) || !t.fit(extract.Users) {
		t.reportsWithoutDirectory()
		return nil
	}
	t.users = t.index.Listed()
	for _, part := range []func(context.Context) error{t.histories, t.roles, t.signIns, t.rosters, t.reports} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// statuses writes what every report was worth, and which days were never got.
func (t *tenantTransform) statuses(ctx context.Context) error {
	slices.SortFunc(t.outcomes, func(a, b report.Outcome) int {
		return cmp.Or(cmp.Compare(a.Report, b.Report), cmp.Compare(a.Period, b.Period), a.Day.Compare(b.Day))
	})
	all := slices.Concat(t.outcomes, t.schedule.Missing)
	_, err := t.writeBatches(ctx, report.Statuses(t.owner, t.record.ID, all))
	return err
}

// fit says whether a source was pulled and transformed.
func (t *tenantTransform) fit(source string) bool { return t.pulled[source].Err == nil }

// writePulled transforms one source of the directory into the lake. A fault of the source is recorded and
// its earlier tables stay; only a fault of this machine is an error.
func (t *tenantTransform) writePulled(ctx context.Context, source string, read func(io.Reader) batches) error {
	return t.readPulled(ctx, source, func(r io.Reader) (int64, error) { return t.writeBatches(ctx, read(r)) })
}

// readPulled reads the raw file of a source that was pulled, as a step.
func (t *tenantTransform) readPulled(
	ctx context.Context,
	source string,
	do func(io.Reader) (rows int64, err error),
) error {
	result, asked := t.pulled[source]
	if !asked || result.Err != nil {
		return nil //nolint:nilerr // already recorded when it was pulled
	}
	started := t.Clock.Now()
	var listing *directory.Listing
	rows, err := t.open(result.Source, func(r io.Reader) (int64, error) {
		listing = directory.NewListing(r, source)
		return do(listing)
	})
	if err != nil {
		if ctx.Err() != nil || localFault(err) {
			return err
		}
		result.Err = err
		t.pulled[source] = result
	}
	t.addStep("transform", source, started, rows, err)
	if err == nil {
		t.remark(source, listing.Remark())
	}
	return nil
}

// write streams a raw file through a transform into the lake.
func (t *tenantTransform) write(ctx context.Context, s extract.Source, read func(io.Reader) batches) (int64, error) {
	return t.open(s, func(r io.Reader) (int64, error) { return t.writeBatches(ctx, read(r)) })
}

func (t *tenantTransform) open(s extract.Source, do func(io.Reader) (int64, error)) (int64, error) {
	raw, err := t.openRaw(s)
	if err != nil {
		return 0, err
	}
	defer raw.Close()
	return do(raw)
}

// writeBatches writes a stream into the lake and returns its rows.
func (t *tenantTransform) writeBatches(ctx context.Context, stream batches) (int64, error) {
	byTable, err := t.lake().Write(ctx, t.tenant.TenantID, stream)
	var rows int64
	for _, n := range byTable {
		rows += n
	}
	return rows, err
}

// addStep adds a step to the run's record.
func (t *tenantTransform) addStep(stage, source string, started time.Time, rows int64, err error) {
	step := runrecord.Step{
		Stage: stage, Source: source, Status: "done", Started: started, Took: t.Clock.Now().Sub(started), Rows: rows,
	}
	if err != nil {
		step.Status, step.Error = "failed", err.Error()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.record.Steps = append(t.record.Steps, step)
	t.record.Rows += rows
	t.logStep(step)
}

// remark adds to the step of a source that was transformed what a reader of run_steps must know, after what was
// added before. An empty text is nothing to say.
func (t *tenantTransform) remark(source, text string) {
	if text == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.record.Steps {
		if step := &t.record.Steps[i]; step.Stage == "transform" && step.Source == source && step.Status == "done" {
			step.Error = strings.TrimPrefix(step.Error+"; "+text, "; ")
			t.Log.Warn(text, "tenant", t.tenant.Name, "source", source)
		}
	}
}

// localFault says whether this machine failed, which no other source will survive either.
func localFault(err error) bool {
	for _, fault := range []error{
		syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EIO, syscall.EMFILE, fs.ErrPermission,
	} {
		if errors.Is(err, fault) {
			return true
		}
	}
	return false
}
