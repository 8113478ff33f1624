package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

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
	format, separator := "table", "\n"
	if asJSON {
		format, separator = "json", ", "
		fmt.Fprint(p.out, "{")
	}
	for _, section := range []string{"plans", "actions"} {
		question, err := sqlfiles.Files.ReadFile("screens/provisioning_" + section + ".sql")
		if err != nil {
			return err
		}
		write, err := view.NewTable(format, 0, p.out)
		if err != nil {
			return err
		}
		if asJSON {
			fmt.Fprintf(p.out, "%q: ", section)
		}
		if err := ask(ctx, db, string(question), write, p.now().UTC()); err != nil {
			return err
		}
		fmt.Fprint(p.out, separator)
	}
	fault := db.VerifyLedger(ctx)
	if fault != nil && !errors.As(fault, new(*control.LedgerError)) {
		return fault
	}
	entries, err := db.LedgerLength(ctx)
	if err != nil {
		return err
	}
	status := ledgerStatus{Entries: entries, Whole: fault == nil}
	if fault != nil {
		status.Fault = fault.Error()
	}
	switch {
	case asJSON:
		text, err := json.Marshal(status)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.out, "\"ledger\": %s}\n", text)
	case fault == nil:
		fmt.Fprintf(p.out, "ledger: %d entries, as m365lake wrote them\n", status.Entries)
	}
	if fault != nil {
		return &exitError{exitGaps, fault}
	}
	return nil
}
