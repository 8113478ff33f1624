package pipeline

import (
	"context"
	"fmt"

	"m365lake/config"
	"m365lake/load/warehouse"
)

// Rebuild makes the warehouse and the exports anew from the lake, without asking Graph. What is no longer
// in the lake is then in no page of the file either, which a build upon the last one does not promise.
//
// The caller holds the lock of the data folder. An error is ErrConfiguration or ErrNothingPublished.
func Rebuild(ctx context.Context, c config.Config, version string) (warehouse.BuildResult, error) {
	privacy, err := ExportPrivacy(c.Privacy)
	if err != nil {
		return warehouse.BuildResult{}, configurationError(err)
	}
	result, err := build(c, privacy, version).Rebuild(ctx)
	if err != nil {
		return result, nothingPublished(fmt.Errorf("the warehouse was not published, the last one stays: %w", err))
	}
	return result, nil
}
