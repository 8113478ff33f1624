package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"m365lake/config"
	"m365lake/pipeline"
)

func (p *program) rebuildCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Make the warehouse anew from the lake, without asking Graph",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, unlock, err := p.lockedData()
			if err != nil {
				return err
			}
			defer unlock()
			return p.rebuild(cmd.Context(), c)
		},
	}
}

// lockedData reads the configuration if there is one and locks the data folder until unlock is called.
func (p *program) lockedData() (c config.Config, unlock func(), err error) {
	c, err = config.ReadIfAny(p.config)
	if err != nil {
		return c, nil, usageError(err)
	}
	if p.data != "" {
		c.Data = p.data
	}
	unlock, err = c.Folder().Lock()
	if err != nil {
		return c, nil, nothingError(err)
	}
	return c, unlock, nil
}

// rebuild makes the warehouse anew and prints what it holds.
func (p *program) rebuild(ctx context.Context, c config.Config) error {
	result, err := pipeline.Run{Config: c, Day: p.today(), Version: version(), Log: p.logger(p.err)}.Rebuild(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "published %s: %d rows from %d lake files\n", c.Folder().Warehouse(), result.Rows,
		result.Partitions)
	return nil
}
