package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
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
	"m365lake/transform/usage"
	"m365lake/transform/userindex"
)

// A tenantTransform turns one tenant's raw files into lake files: first the directory, which says
// who everybody is, then the reports, two at a time, then what needs all of them.
type tenantTransform struct {
	*tenantRun
	pulled map[string]extract.Result
	users  int

	mu       sync.Mutex // guards outcomes and the run's record
	outcomes []report.Outcome
}

func newTenantTransform(t *tenantRun, results []extract.Result) *tenantTransform {
	pulled := make(map[string]extract.Result, len(results))
	for _, result := range results {
		pulled[result.Source.Name] = result
	}
	return &tenantTransform{tenantRun: t, pulled: pulled}
}

// batchOwner is whose rows of which day the transforms make.
func (t *tenantRun) batchOwner() transform.Tenant {
	return transform.Tenant{ID: t.tenant.TenantID, Name: t.tenant.Name, Day: t.Day, Mem: memory.DefaultAllocator}
}

func (t *tenantTransform) do(ctx context.Context) error {
	who := t.batchOwner()
	concealed, err := t.concealed(ctx)
	if err != nil {
		return err
	}
	if err := t.step(ctx, extract.Organization, func(r io.Reader) iter.Seq2[schemas.Batch, error] {
		return directory.Organization(r, who, concealed)
	}); err != nil {
		return err
	}
	if err := t.step(ctx, extract.Subscriptions, func(r io.Reader) iter.Seq2[schemas.Batch, error] { return directory.Subscriptions(r, who) }); err != nil {
		return err
	}
	if err := t.step(ctx, extract.LicenseGroups, func(r io.Reader) iter.Seq2[schemas.Batch, error] {
		return directory.LicenseGroups(r, who, t.pulled[extract.LicenseGroups].FellBack())
	}); err != nil {
		return err
	}
	grants := directory.NewGrants(t.products)
	if err := t.step(ctx, extract.SubscribedSKUs, func(r io.Reader) iter.Seq2[schemas.Batch, error] { return directory.SKUs(r, who, grants) }); err != nil {
		return err
	}
	index := &userindex.Index{}
	previous := t.stored(ctx, &schemas.Users)
	// Without the products nobody would be licensed for anything, so the users wait for them.
	if t.fit(extract.SubscribedSKUs) {
		if err := t.refuseLostKeys(); err != nil {
			return err
		}
		deleted, err := t.deletedUsers(ctx)
		if err != nil {
			return err
		}
		if err := t.step(ctx, extract.Users, func(r io.Reader) iter.Seq2[schemas.Batch, error] {
			return directory.Users(r, who, grants, deleted, previous, index)
		}); err != nil {
			return err
		}
	}
	if t.fit(extract.SubscribedSKUs) && t.fit(extract.Users) {
		t.users = index.Listed()
		if err := t.aboutUsers(ctx, who, index); err != nil {
			return err
		}
		if err := t.rosters(ctx, index, previous); err != nil {
			return err
		}
		if err := t.reports(ctx, &usage.Activity{Tenant: who, Users: index}); err != nil {
			return err
		}
	} else {
		t.reportsWithoutDirectory()
	}
	for _, s := range extract.CountSources(t.Config.Counts, t.Config.Periods) {
		if err := t.counts(ctx, s); err != nil {
			return err
		}
	}
	if err := t.prices(ctx); err != nil {
		return err
	}
	if err := t.provisioning(ctx); err != nil {
		return err
	}
	slices.SortFunc(t.outcomes, func(a, b report.Outcome) int {
		return cmp.Or(cmp.Compare(a.Report, b.Report), cmp.Compare(a.Period, b.Period), a.Day.Compare(b.Day))
	})
	_, err = t.lake().Write(ctx, t.tenant.TenantID, report.Statuses(who, t.record.ID, append(t.outcomes, t.schedule.Missing...)))
	return err
}

// refuseLostKeys stops the tenant when the table users, which remembers every user_key, is gone
// while facts with those keys are there: giving the keys anew would hand people each other's past.
func (t *tenantTransform) refuseLostKeys() error {
	users, err := t.lake().Has(&schemas.Users, t.tenant.TenantID)
	if err != nil {
		return err
	}
	facts, err := t.lake().Has(&schemas.AppActivity, t.tenant.TenantID)
	if err != nil {
		return err
	}
	if facts && !users {
		return fmt.Errorf("%s is missing, but there are facts that need its user keys; restore it from a backup, or move the folder lake aside to begin a new history", t.lake().TenantFile(&schemas.Users, t.tenant.TenantID))
	}
	return nil
}

// fit says whether a source was pulled and transformed.
func (t *tenantTransform) fit(source string) bool { return t.pulled[source].Err == nil }

// step transforms one source of the directory into the lake. A fault of the source is noted and
// its earlier tables stay; only a fault of this machine is an error.
func (t *tenantTransform) step(ctx context.Context, source string, read func(io.Reader) iter.Seq2[schemas.Batch, error]) error {
	return t.use(ctx, source, func(r io.Reader) (int64, error) { return t.writeBatches(ctx, read(r)) })
}

// use reads the raw file of a source that was pulled, as a step.
func (t *tenantTransform) use(ctx context.Context, source string, do func(io.Reader) (rows int64, err error)) error {
	result, asked := t.pulled[source]
	if !asked || result.Err != nil {
		return nil //nolint:nilerr // already noted when it was pulled
	}
	started := t.Clock.Now()
	rows, err := t.open(result.Source, do)
	if err != nil {
		if ctx.Err() != nil || localFault(err) {
			return err
		}
		result.Err = err
		t.pulled[source] = result
	}
	t.note("transform", source, started, rows, err)
	return nil
}

// write streams a raw file through a transform into the lake.
func (t *tenantTransform) write(ctx context.Context, s extract.Source, read func(io.Reader) iter.Seq2[schemas.Batch, error]) (int64, error) {
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

func (t *tenantTransform) writeBatches(ctx context.Context, batches iter.Seq2[schemas.Batch, error]) (int64, error) {
	byTable, err := t.lake().Write(ctx, t.tenant.TenantID, batches)
	var rows int64
	for _, n := range byTable {
		rows += n
	}
	return rows, err
}

// note adds a step to the run's record.
func (t *tenantTransform) note(stage, source string, started time.Time, rows int64, err error) {
	step := runrecord.Step{Stage: stage, Source: source, Status: "done", Started: started, Took: t.Clock.Now().Sub(started), Rows: rows}
	if err != nil {
		step.Status, step.Error = "failed", err.Error()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.record.Steps = append(t.record.Steps, step)
	t.record.Rows += rows
	t.logStep(step)
}

// localFault says whether this machine failed, which no other source will survive either.
func localFault(err error) bool {
	for _, fault := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EIO, syscall.EMFILE, fs.ErrPermission} {
		if errors.Is(err, fault) {
			return true
		}
	}
	return false
}
