package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"m365lake/provision/apply"
	"m365lake/provision/control"
)

func (p *program) provisionUndoCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "undo RUN | ENTRY",
		Short: "Plan to take back what a run did, or one entry of the ledger",
		Long: `Plan to take back what a run did, or one entry of the ledger: licences with the service plans that
were switched off, enabled flags, memberships and accounts as they were before. The command names
what cannot be restored. The plan is approved and applied like any other.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.provisionUndo(cmd.Context(), args[0], asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (p *program) provisionUndo(ctx context.Context, name string, asJSON bool) error {
	who, err := p.actor()
	if err != nil {
		return err
	}
	target := apply.UndoTarget{RunID: name}
	if entry, err := strconv.ParseInt(name, 10, 64); err == nil {
		target = apply.UndoTarget{EntryID: entry}
	}
	var ids []int64
	err = p.withControl(ctx, func(control *control.Database) error {
		added, cannot, err := apply.Undo(ctx, control, target, who, p.now())
		for _, line := range cannot {
			fmt.Fprintln(p.err, line)
		}
		ids = added
		return err
	})
	switch {
	case err != nil:
		return err
	case len(ids) == 0:
		return &exitError{exitGaps, nil} // why has been said
	}
	return p.provisionPlan(ctx, planOptions{json: asJSON, actions: ids})
}
