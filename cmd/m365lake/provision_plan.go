package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"m365lake/cmd/m365lake/view"
	"m365lake/config"
	"m365lake/provision"
	"m365lake/provision/control"
	"m365lake/provision/draft"
)

// planOptions are the flags of provision plan.
type planOptions struct {
	json    bool
	tenant  string
	actions []int64
}

func (p *program) provisionPlanCommand() *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Say of every requested change what it would do, and save that as a plan",
		Long: `Say of every requested change what it would do, and save that as a plan, one for each tenant.

A plan reads the live tenant and the warehouse and changes nothing. What is impossible, protected or
contradictory is refused with the reason; the rest waits for approve and apply. It holds for as long as
the setting plan_expiry says, and for the tenant as it is now: what moves in between is not done.

Exit codes: 0 a plan, or nothing to plan; 1 some changes are refused or wait for a seat; 2 wrong usage or
configuration; 3 Microsoft could not be asked.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.provisionPlan(cmd.Context(), o) },
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON")
	cmd.Flags().StringVar(&o.tenant, "tenant", "", "only this tenant, by `name` or id")
	cmd.Flags().Int64SliceVar(&o.actions, "action", nil, "only these actions, by their `numbers`")
	return cmd
}

func (p *program) provisionPlan(ctx context.Context, o planOptions) error {
	who, err := p.actor()
	if err != nil {
		return err
	}
	c, err := config.Read(p.config)
	if err != nil {
		return usageError(err)
	}
	if p.data != "" {
		c.Data = p.data
	}
	var requests draft.Requests
	err = p.withControl(ctx, func(db *control.Database) (err error) {
		requests, err = draft.ReadRequests(ctx, db, o.actions, who, p.now())
		return err
	})
	if err != nil {
		return err
	}
	tenants, err := plannedTenants(c, o.tenant, requests.Actions)
	if err != nil {
		return usageError(err)
	}
	warehouse, err := openWarehouse(c.Folder())
	if err != nil {
		return err
	}
	if warehouse != nil {
		defer func() { _ = warehouse.Close() }() // it was only read
	}
	var plans []*provision.Plan
	for _, t := range tenants {
		client, err := p.tenantClient(ctx, t)
		if err != nil {
			return err
		}
		plan, err := draft.Draft(ctx, client, warehouse, requests.Protections, requests.Input)
		if err != nil {
			return nothingError(fmt.Errorf("tenant %s: %w", t.Name, err))
		}
		if len(plan.Steps) == 0 {
			continue
		}
		// The control database was closed meanwhile, so that nobody had to wait for Microsoft.
		if err := p.withControl(ctx, func(db *control.Database) error { return db.SavePlan(ctx, plan) }); err != nil {
			return err
		}
		plans = append(plans, plan)
	}
	if err := view.Plans(p.out, plans, requests.Settings.Approvals, o.json); err != nil {
		return err
	}
	for _, plan := range plans {
		if slices.ContainsFunc(plan.Steps, cannotBeDone) {
			return &exitError{exitGaps, nil}
		}
	}
	return nil
}

func cannotBeDone(s provision.Step) bool {
	return s.Verdict == provision.Refuse || s.Verdict == provision.NoSeat
}

// plannedTenants are those that actions are for.
func plannedTenants(c config.Config, only string, actions []provision.Action) ([]config.Tenant, error) {
	var all []draft.Target
	for _, t := range c.Tenants {
		all = append(all, draft.Target{Name: t.Name, ID: t.TenantID})
	}
	targets, err := draft.TargetsOf(all, only, actions)
	return slices.DeleteFunc(slices.Clone(c.Tenants), func(t config.Tenant) bool {
		return !slices.Contains(targets, draft.Target{Name: t.Name, ID: t.TenantID})
	}), err
}
