package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"m365lake/cmd/m365lake/view"
	"m365lake/config"
	"m365lake/internal/text"
	"m365lake/provision"
	"m365lake/provision/control"
	"m365lake/provision/draft"
	"m365lake/provision/plan"
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
	in := plan.Input{By: who, Now: p.now()}
	var protections []provision.Protection
	err = p.withControl(ctx, func(db *control.Database) error {
		if _, err := db.ExpirePlans(ctx, in.Now); err != nil { // their actions are to be planned again
			return err
		}
		protections, err = db.Protections(ctx)
		return errors.Join(err, readPlanInput(ctx, db, o, &in))
	})
	if err != nil {
		return err
	}
	tenants, err := plannedTenants(c, o.tenant, in.Actions)
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
		plan, err := draft.Draft(ctx, client, warehouse, protections, in)
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
	if err := view.Plans(p.out, plans, in.Settings.Approvals, o.json); err != nil {
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

// readPlanInput takes what a plan needs from the control database.
func readPlanInput(ctx context.Context, db *control.Database, o planOptions, in *plan.Input) (err error) {
	if in.Settings, err = db.Settings(ctx); err != nil {
		return err
	}
	if in.Prices, err = db.Prices(ctx); err != nil {
		return err
	}
	requested, err := db.RequestedActions(ctx)
	if err != nil {
		return err
	}
	in.Actions = slices.DeleteFunc(requested, func(a provision.Action) bool {
		return len(o.actions) > 0 && !slices.Contains(o.actions, a.ID)
	})
	in.Undo = map[int64]provision.Entry{}
	for _, id := range o.actions {
		if !slices.ContainsFunc(in.Actions, func(a provision.Action) bool { return a.ID == id }) {
			return fmt.Errorf("action %d is not waiting to be planned; m365lake provision status shows what became of it", id)
		}
	}
	if !slices.ContainsFunc(in.Actions, func(a provision.Action) bool { return a.UndoOf != 0 }) {
		return nil
	}
	entries, err := db.Entries(ctx, control.EntryFilter{})
	for _, e := range entries {
		in.Undo[e.ID] = e
	}
	return err
}

// plannedTenants are those that actions are for. An action must say which where there are several.
func plannedTenants(c config.Config, only string, actions []provision.Action) ([]config.Tenant, error) {
	isCalled := func(t config.Tenant, name string) bool {
		return strings.EqualFold(t.Name, name) || strings.EqualFold(t.TenantID, name)
	}
	var names []string
	for _, t := range c.Tenants {
		names = append(names, t.Name)
	}
	if only != "" && !slices.ContainsFunc(c.Tenants, func(t config.Tenant) bool { return isCalled(t, only) }) {
		return nil, fmt.Errorf("--tenant %q: the configuration has no such tenant%s", only, text.Suggest(only, names))
	}
	wanted := map[string]bool{}
	var faults []error
	for _, a := range actions {
		found := slices.IndexFunc(c.Tenants, func(t config.Tenant) bool { return isCalled(t, a.Tenant) })
		switch {
		case a.Tenant == "" && len(c.Tenants) == 1:
			wanted[c.Tenants[0].Name] = true
		case a.Tenant == "":
			faults = append(faults, fmt.Errorf("action %d names no tenant, and there are several: %s",
				a.ID, strings.Join(names, ", ")))
		case found < 0:
			faults = append(faults, fmt.Errorf("action %d is for the tenant %q, which the configuration does not have%s",
				a.ID, a.Tenant, text.Suggest(a.Tenant, names)))
		default:
			wanted[c.Tenants[found].Name] = true
		}
	}
	tenants := slices.DeleteFunc(slices.Clone(c.Tenants), func(t config.Tenant) bool {
		return !wanted[t.Name] || only != "" && !isCalled(t, only)
	})
	return tenants, errors.Join(faults...)
}
