package pipeline

import (
	"context"
	"fmt"

	"m365lake/load/warehouse"
)

// Rebuild makes the warehouse and the exports anew from the lake, without asking Graph. What is no longer
// in the lake is then in no page of the file either, which a build upon the last one does not promise.
//
// It uses Config, Day, Version and Log of the Run. Whoever was forgotten is kept out first.
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
