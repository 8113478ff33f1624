package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"m365lake/cmd/m365lake/view"
	"m365lake/provision/control"
	sqlfiles "m365lake/sql"
)

func (p *program) provisionStatusCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show plans, what waits, what was done lately, and whether the ledger is whole",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readControl(cmd.Context(), func(db *control.Database) error {
				return p.provisionStatus(cmd.Context(), db, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// ledgerStatus is what is to be said of the ledger.
type ledgerStatus struct {
	Entries int64  `json:"entries"`
	Whole   bool   `json:"whole"`
	Fault   string `json:"fault,omitempty"`
}

func (p *program) provisionStatus(ctx context.Context, db *control.Database, asJSON bool) error {
	screen := view.NewScreen(asJSON)
	ledger, err := p.fillProvisionStatus(ctx, screen, db)
	if err := screen.Show(p.out, err); err != nil {
		return err
	}
	if ledger != nil {
		return &exitError{exitGaps, ledger}
	}
	return nil
}

// fillProvisionStatus returns what is wrong with the ledger, or why that cannot be told.
func (p *program) fillProvisionStatus(
	ctx context.Context, screen *view.Screen, db *control.Database,
) (ledger, err error) {
	for _, section := range []string{"plans", "actions"} {
		question, err := sqlfiles.Files.ReadFile("screens/provisioning_" + section + ".sql")
		if err != nil {
			return nil, err
		}
		if err := ask(ctx, db, string(question), screen.Table(section), p.now().UTC()); err != nil {
			return nil, err
		}
	}
	fault := db.VerifyLedger(ctx)
	if fault != nil && !errors.As(fault, new(*control.LedgerError)) {
		return nil, fault
	}
	entries, err := db.LedgerLength(ctx)
	if err != nil {
		return nil, err
	}
	status := ledgerStatus{Entries: entries, Whole: fault == nil}
	if fault != nil {
		status.Fault = fault.Error()
	} else {
		screen.Line("ledger: %d entries, as m365lake wrote them", status.Entries)
	}
	return fault, screen.Value("ledger", status)
}
