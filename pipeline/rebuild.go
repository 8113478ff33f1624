package pipeline

import (
	"context"
	"errors"
	"fmt"

	"m365lake/erase"
	"m365lake/load/lake"
	"m365lake/load/warehouse"
	"m365lake/sql"
)

// Rebuild makes the warehouse and the exports anew from the lake, without asking Graph. The new
// file has no page with rows that are no longer in the lake; a build upon the last warehouse may leave such pages.
//
// It uses Config, Day, AcceptLoss, Version and Log of the Run. It first removes people who were forgotten.
//
// The caller holds the lock of the data folder. An error is ErrConfiguration or ErrNothingPublished.
func (r Run) Rebuild(ctx context.Context) (warehouse.BuildResult, error) {
	privacy, err := ExportPrivacy(r.Config.Privacy)
	if err != nil {
		return warehouse.BuildResult{}, configurationError(err)
	}
	if err := r.refuseLoss(ctx, privacy); err != nil {
		return warehouse.BuildResult{}, err
	}
	if err := r.keepOut(ctx); err != nil {
		return warehouse.BuildResult{}, nothingPublished(err)
	}
	result, err := r.build(privacy).Rebuild(ctx)
	if errors.Is(err, warehouse.ErrNoLake) { // it says all
		return result, nothingPublished(err)
	}
	if err != nil {
		return result, nothingPublished(fmt.Errorf("the warehouse was not published, the last one stays: %w", err))
	}
	return result, nil
}

// Behind says whether the published warehouse still holds what is no longer in the lake, as after a pruning
// that was killed before its warehouse was made. The caller holds the lock of the data folder.
func (r Run) Behind(ctx context.Context) (bool, error) {
	behind, err := r.build(nil).Behind(ctx)
	if err != nil {
		return false, nothingPublished(err)
	}
	return behind, nil
}

// Verify reads every lake file and compares the lake with the published warehouse. The caller holds the lock
// of the data folder.
func (r Run) Verify(ctx context.Context) (warehouse.Verified, error) { return r.build(nil).Verify(ctx) }

// refuseLoss returns an error if the lake, or the list of who was forgotten, lost what it had, unless that is
// accepted.
func (r Run) refuseLoss(ctx context.Context, privacy *warehouse.Privacy) error {
	err := r.build(privacy).RefuseLoss(ctx)
	eraser := erase.Eraser{Folder: r.Config.Folder(), Day: r.Day}
	switch {
	case err != nil:
	case r.AcceptLoss:
		err = eraser.AcceptLostList(ctx)
	default:
		err = eraser.RefuseLostList(ctx)
	}
	if err != nil {
		return nothingPublished(fmt.Errorf("nothing was published: %w", err))
	}
	return nil
}

// build is the build of the warehouse from the lake.
func (r Run) build(privacy *warehouse.Privacy) warehouse.Build {
	c := r.Config
	folder := c.Folder()
	return warehouse.Build{
		Lake: lake.Lake{Dir: folder.Lake()}, Path: folder.Warehouse(), SQL: sql.Files,
		Exports: folder.Exports(), Privacy: privacy,
		MemoryLimit: c.DuckDB.Memory, Threads: c.DuckDB.Threads, Version: r.Version, AcceptLoss: r.AcceptLoss,
	}
}
