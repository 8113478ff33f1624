package pipeline

import (
	"context"
	"fmt"

	"m365lake/load/warehouse"
)

// Rebuild makes the warehouse and the exports anew from the lake, without asking Graph. The new
// file has no page with rows that are no longer in the lake; a build upon the last warehouse may leave such pages.
//
// It uses Config, Day, Version and Log of the Run. It first removes people who were forgotten.
//
// The caller holds the lock of the data folder. An error is ErrConfiguration or ErrNothingPublished.
func (r Run) Rebuild(ctx context.Context) (warehouse.BuildResult, error) {
	privacy, err := ExportPrivacy(r.Config.Privacy)
	if err != nil {
		return warehouse.BuildResult{}, configurationError(err)
	}
	if err := keepOut(ctx, r.Config, r.Day, r.Log); err != nil {
		return warehouse.BuildResult{}, nothingPublished(err)
	}
	result, err := build(r.Config, privacy, r.Version).Rebuild(ctx)
	if err != nil {
		return result, nothingPublished(fmt.Errorf("the warehouse was not published, the last one stays: %w", err))
	}
	return result, nil
}
