package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"m365lake/cmd/m365lake/view"
	"m365lake/config"
	"m365lake/provision"
	"m365lake/provision/apply"
	"m365lake/provision/control"
	"m365lake/provision/tenant"
)

func (p *program) provisionApplyCommand() *cobra.Command {
	var asJSON bool
	var passwords string
	cmd := &cobra.Command{
		Use:   "apply [PLAN]",
		Short: "Carry out an approved plan, or what an interrupted run left of it",
		Long: `Carry out an approved plan, or what an interrupted run left of it; without a name the newest one.

Every call is written down in the ledger before it is made, and what became of it after. A step whose
user is no longer as planned is refused; so is one whose row was edited, whose target is protected by
now, or whose evidence no longer holds. Applying a plan twice changes nothing.

Exit codes: 0 all done, or nothing left to do; 1 some steps were not done; 2 wrong usage or
configuration, or a plan that may not be applied; 3 Microsoft could not be asked; 130 interrupted.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			plan := ""
			if len(args) == 1 {
				plan = args[0]
			}
			return p.provisionApply(cmd.Context(), plan, passwords, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().StringVar(&passwords, "passwords", "", "`file` to add the first passwords of new accounts to "+
		"(default: nobody sees them, and an administrator resets them)")
	return cmd
}

func (p *program) provisionApply(ctx context.Context, planID, passwords string, asJSON bool) error {
	c, err := config.Read(p.config)
	if err != nil {
		return usageError(err)
	}
	if p.data != "" {
		c.Data = p.data
	}
	who, err := p.actor()
	if err != nil {
		return err
	}
	file := p.controlFile(c.Folder())
	var saved *provision.SavedPlan
	err = file.View(ctx, func(db *control.Database) (err error) {
		saved, err = db.Plan(ctx, planID)
		return err
	})
	if err != nil {
		return controlError(err)
	}
	var report io.Writer
	if !asJSON {
		report = p.out
	}
	summary, err := p.apply(ctx, file, c, saved, who, passwords, report)
	if err != nil {
		return controlError(err)
	}
	if asJSON {
		if err := view.AppliedJSON(p.out, summary); err != nil {
			return err
		}
	} else {
		view.Applied(p.out, summary)
	}
	return outcomeError(summary)
}

// apply carries out one plan. Each step is written to report as it ends, where there is one.
func (p *program) apply(
	ctx context.Context, file *control.File, c config.Config, saved *provision.SavedPlan, who, passwords string,
	report io.Writer,
) (provision.Summary, error) {
	if saved.Status == provision.PlanApplied || saved.Status == provision.PlanEmpty { // known without asking Microsoft
		return provision.Summary{PlanID: saved.ID}, nil
	}
	configured, err := tenantOf(c, saved)
	if err != nil {
		return provision.Summary{}, err
	}
	warehouse, err := openWarehouse(c.Folder())
	if err != nil {
		return provision.Summary{}, err
	}
	if warehouse != nil {
		defer warehouse.Close() //nolint:errcheck // only read
	}
	client, err := p.tenantClient(ctx, configured)
	if err != nil {
		return provision.Summary{}, err
	}
	if passwords != "" {
		client.NewPassword = tenant.PasswordFile(passwords)
	}
	applier := apply.Applier{
		Control: &control.File{Path: file.Path, Wait: applyWait}, Turn: control.UsualWait,
		Tenant: client, Warehouse: warehouse, Clock: p.clock, By: who, Patience: p.writes.patience,
	}
	if report != nil {
		applier.OnOutcome = func(o provision.Outcome) { view.Outcome(report, o) }
	}
	return applier.Apply(ctx, saved.ID)
}

// tenantOf is the tenant of the configuration that a plan is for.
func tenantOf(c config.Config, saved *provision.SavedPlan) (config.Tenant, error) {
	for _, t := range c.Tenants {
		if strings.EqualFold(t.TenantID, saved.TenantID) {
			return t, nil
		}
	}
	return config.Tenant{}, usageError(fmt.Errorf("plan %s is for tenant %s (%s), which %s does not have",
		saved.ID, saved.TenantName, saved.TenantID, c.File))
}

// outcomeError is exit code 1 when not everything was done.
func outcomeError(s provision.Summary) error {
	undone := s.Count(provision.Refused) + s.Count(provision.Failed) + s.Count(provision.WaitingForSeat)
	if undone > 0 || s.Stopped != "" || len(s.Open) > 0 {
		return &exitError{exitGaps, nil}
	}
	return nil
}
