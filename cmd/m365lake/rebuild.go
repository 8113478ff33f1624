package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"m365lake/config"
	"m365lake/pipeline"
	"m365lake/pipeline/datafolder"
)

func (p *program) rebuildCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Make the warehouse anew from the lake, without asking Graph",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			work, unlock, err := p.lockedData()
			if err != nil {
				return err
			}
			defer unlock()
			return p.rebuild(cmd.Context(), work.config)
		},
	}
}

// dataWork is work on the data folder alone, which asks no tenant.
type dataWork struct {
	config config.Config
	folder datafolder.Folder
	day    time.Time
	log    *slog.Logger
}

// lockedData reads the configuration if there is one and locks the data folder until unlock is called.
func (p *program) lockedData() (work *dataWork, unlock func(), err error) {
	c, err := config.ReadIfAny(p.config)
	if err != nil {
		return nil, nil, usageError(err)
	}
	if p.data != "" {
		c.Data = p.data
	}
	unlock, err = c.Folder().Lock()
	if err != nil {
		return nil, nil, nothingError(err)
	}
	return &dataWork{config: c, folder: c.Folder()}, unlock, nil
}

// rebuild makes the warehouse anew and prints what it holds.
func (p *program) rebuild(ctx context.Context, c config.Config) error {
	result, err := pipeline.Rebuild(ctx, c, version())
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "published %s: %d rows from %d lake files\n", c.Folder().Warehouse(), result.Rows, result.Partitions)
	return nil
}
