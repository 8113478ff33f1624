package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"m365lake/provision/control"
)

func (p *program) provisionApproveCommand() *cobra.Command {
	var note string
	cmd := &cobra.Command{
		Use:   "approve PLAN",
		Short: "Agree to a plan, as it stands",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.decide(cmd, func(control *control.Database, who string) error {
				if err := control.Approve(cmd.Context(), args[0], who, p.now(), note); err != nil {
					return err
				}
				fmt.Fprintf(p.out, "plan %s approved by %s; m365lake provision apply %s does it\n", args[0], who, args[0])
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&note, "note", "", "a remark to keep with it")
	return cmd
}

func (p *program) provisionRejectCommand() *cobra.Command {
	var note string
	cmd := &cobra.Command{
		Use:   "reject PLAN",
		Short: "Decide against a plan and the changes in it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.decide(cmd, func(control *control.Database, who string) error {
				if err := control.Reject(cmd.Context(), args[0], who, p.now(), note); err != nil {
					return err
				}
				fmt.Fprintf(p.out, "plan %s rejected by %s\n", args[0], who)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&note, "note", "", "why")
	return cmd
}

func (p *program) provisionCancelCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "cancel PLAN | ACTION...",
		Short: "Take back a plan, whose changes can then be planned again, or changes that are in no plan",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ids := make([]int64, len(args))
			for i, arg := range args {
				id, err := strconv.ParseInt(arg, 10, 64)
				if err != nil && len(args) > 1 {
					return usageError(fmt.Errorf("%q is no number of an action; cancel one plan, or actions by their numbers", arg))
				}
				ids[i] = id
			}
			return p.decide(cmd, func(control *control.Database, who string) error {
				if ids[0] == 0 {
					if err := control.CancelPlan(cmd.Context(), args[0], who, p.now()); err != nil {
						return err
					}
					fmt.Fprintf(p.out, "plan %s cancelled by %s; what of it was not done can be planned again\n", args[0], who)
					return nil
				}
				if err := control.CancelActions(cmd.Context(), ids, who, p.now()); err != nil {
					return err
				}
				for _, id := range ids {
					fmt.Fprintf(p.out, "action %d cancelled by %s\n", id, who)
				}
				return nil
			})
		},
	}
}

func (p *program) decide(cmd *cobra.Command, do func(control *control.Database, who string) error) error {
	who, err := p.actor()
	if err != nil {
		return err
	}
	return p.withControl(cmd.Context(), func(control *control.Database) error { return do(control, who) })
}
