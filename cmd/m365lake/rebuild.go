package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"m365lake/config"
)

func (p *program) rebuildCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Make the warehouse anew from the lake, without asking Graph",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			run, unlock, err := p.lockedPipeline()
			if err != nil {
				return err
			}
			defer unlock()
			return p.rebuild(cmd.Context(), run)
		},
	}
}

// lockedPipeline is a pipeline that works on the data folder alone and asks no tenant.
func (p *program) lockedPipeline() (run *pipeline, unlock func(), err error) {
	c, err := config.ReadIfAny(p.config)
	if err != nil {
		return nil, nil, usageError(err)
	}
	if p.data != "" {
		c.Data = p.data
	}
	privacy, err := exportPrivacy(c.Privacy)
	if err != nil {
		return nil, nil, usageError(err)
	}
	unlock, err = c.Folder().Lock()
	if err != nil {
		return nil, nil, nothingError(err)
	}
	return &pipeline{config: c, folder: c.Folder(), privacy: privacy, now: p.now}, unlock, nil
}

// rebuild makes the warehouse and the exports anew. What is no longer in the lake is then in no page
// of the file either, which a build upon the last one does not promise.
func (p *program) rebuild(ctx context.Context, run *pipeline) error {
	result, err := run.build().Rebuild(ctx)
	if err != nil {
		return nothingError(fmt.Errorf("the warehouse was not published, the last one stays: %w", err))
	}
	fmt.Fprintf(p.out, "published %s: %d rows from %d lake files\n", run.folder.Warehouse(), result.Rows, result.Partitions)
	return nil
}
