package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"m365lake/config"
	"m365lake/pipeline"
	"m365lake/pipeline/datafolder"
)

func (p *program) rebuildCommand() *cobra.Command {
	var acceptLoss bool
	cmd := &cobra.Command{
		Use:   "rebuild",
		Short: "Make the warehouse anew from the lake, without asking Graph",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, unlock, err := p.lockedData()
			if err != nil {
				return err
			}
			defer unlock()
			run := p.localRun(c)
			run.AcceptLoss = acceptLoss
			return p.rebuild(cmd.Context(), run)
		},
	}
	acceptLossFlag(cmd, &acceptLoss)
	return cmd
}

// acceptLossFlag is the one way to publish less than before.
func acceptLossFlag(cmd *cobra.Command, acceptLoss *bool) {
	cmd.Flags().BoolVar(acceptLoss, "accept-loss", false,
		"publish less history than before: go on although lake files or the list of who was forgotten got lost")
}

// lockedData reads the configuration if there is one and locks the data folder, which must be there, until
// unlock is called.
func (p *program) lockedData() (c config.Config, unlock func(), err error) {
	c, err = config.ReadIfAny(p.config)
	if err != nil {
		return c, nil, usageError(err)
	}
	if p.data != "" {
		c.Data = p.data
	}
	if root := c.Folder().Root; !datafolder.Exists(root) {
		return c, nil, nothingError(fmt.Errorf("there is no data in %s; name the folder with --data", root))
	}
	unlock, err = c.Folder().Lock()
	if err != nil {
		return c, nil, nothingError(err)
	}
	return c, unlock, nil
}

// localRun is a run that asks Graph for nothing.
func (p *program) localRun(c config.Config) pipeline.Run {
	return pipeline.Run{Config: c, Day: p.today(), Version: version(), Log: p.logger(p.err)}
}

// rebuild makes the warehouse anew and prints what it holds.
func (p *program) rebuild(ctx context.Context, run pipeline.Run) error {
	result, err := run.Rebuild(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "published %s: %d rows from %d lake files\n",
		run.Config.Folder().Warehouse(), result.Rows, result.Partitions)
	return nil
}
