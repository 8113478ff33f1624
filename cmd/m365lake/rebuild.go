package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (p *program) rebuildCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Make the warehouse anew from the lake, without asking Graph",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := readConfigIfAny(p.config)
			if err != nil {
				return usageError(err)
			}
			if p.data != "" {
				c.Data = p.data
			}
			unlock, err := lockData(c.Data)
			if err != nil {
				return err
			}
			defer unlock()
			run := &pipeline{config: c, data: c.Data}
			result, err := run.build().Rebuild(cmd.Context())
			if err != nil {
				return nothingError(fmt.Errorf("the warehouse was not published, the last one stays: %w", err))
			}
			fmt.Fprintf(p.out, "published %s: %d rows from %d lake files\n", warehousePath(c.Data), result.Rows, result.Partitions)
			return nil
		},
	}
}
