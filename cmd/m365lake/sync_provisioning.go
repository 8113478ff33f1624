package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"m365lake/cmd/m365lake/view"
	"m365lake/config"
	"m365lake/provision"
	"m365lake/provision/control"
)

// applyDue carries out the plans that are approved, after a sync was published: what they rest on is
// then as fresh as it can be. One plan that cannot be applied does not keep the others.
func (p *program) applyDue(ctx context.Context, c config.Config, report io.Writer) error {
	if _, err := os.Stat(c.Folder().Control()); errors.Is(err, os.ErrNotExist) {
		return nil // nobody ever asked for anything
	}
	who, err := p.actor()
	if err != nil {
		return err
	}
	file := p.controlFile(c.Folder())
	due, faults, err := p.duePlans(ctx, file)
	if err != nil {
		return controlError(err)
	}
	gaps := false
	for _, saved := range due {
		fmt.Fprintf(report, "applying %s to %s\n", saved.ID, saved.TenantName)
		summary, err := p.apply(ctx, file, c, saved, who, "", report)
		if err != nil {
			faults = append(faults, fmt.Errorf("plan %s: %w", saved.ID, err))
			continue
		}
		view.Applied(report, summary)
		gaps = gaps || outcomeError(summary) != nil
	}
	if err := errors.Join(faults...); err != nil {
		return &exitError{exitGaps, err}
	}
	if gaps {
		return &exitError{exitGaps, nil}
	}
	return nil
}

// duePlans are the plans that may be applied, the oldest first, and why others cannot be read.
func (p *program) duePlans(
	ctx context.Context, file *control.File,
) (due []*provision.SavedPlan, faults []error, err error) {
	err = file.Change(ctx, func(db *control.Database) error {
		if _, err := db.ExpirePlans(ctx, p.now()); err != nil {
			return err
		}
		plans, err := db.Plans(ctx)
		if err != nil {
			return err
		}
		settings, err := db.Settings(ctx)
		if err != nil {
			return err
		}
		for _, listed := range slices.Backward(plans) {
			saved, err := db.Plan(ctx, listed.ID)
			if err != nil {
				faults = append(faults, err)
				continue
			}
			if saved.Status == provision.PlanApproved || saved.Status == provision.PlanStopped ||
				saved.Status == provision.PlanOpen && settings.Approvals == provision.ApprovalNone {
				due = append(due, saved)
			}
		}
		return nil
	})
	return due, faults, err
}
