package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"m365lake/cmd/m365lake/view"
	"m365lake/config"
	"m365lake/graph/cloud"
	"m365lake/load/warehouse"
	"m365lake/pipeline/datafolder"
	"m365lake/sql"
)

func (p *program) demoCommand() *cobra.Command {
	var f sandboxFlags
	var runDay string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Try everything without a tenant: sync a company of invented people and show what comes out",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			data := p.data
			if data == "" {
				data = demoData
			}
			return p.demo(cmd.Context(), data, runDay, f)
		},
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&runDay, "run-day", "", "day of the run, `YYYY-MM-DD` in UTC (default: today)")
	return cmd
}

func (p *program) demo(ctx context.Context, data, runDay string, f sandboxFlags) error {
	day, err := p.runDay(runDay)
	if err != nil {
		return err
	}
	tenant, err := f.open(p, day)
	if err != nil {
		return usageError(err)
	}
	if err := keepCompany(datafolder.Folder{Root: data}, demoCompany{f.users, f.seed}); err != nil {
		return err
	}
	server, err := tenant.Serve("127.0.0.1:0")
	if err != nil {
		return nothingError(fmt.Errorf("cannot open a port on loopback for the sandbox tenant: %w", err))
	}
	defer server.Close() //nolint:errcheck // the process is about to end
	c := config.Default()
	c.Data, c.SignInActivity = data, true
	c.Limits.SignInCalls = 0 // Microsoft's limit is not the sandbox's
	cloud, err := cloud.Custom(server.URL(), server.URL())
	if err != nil {
		return err
	}
	secret, forget, err := secretFile(tenant.ClientSecret())
	if err != nil {
		return nothingError(err)
	}
	defer forget()
	c.Tenants = []config.Tenant{{Name: "sandbox", TenantID: tenant.ID(), ClientID: tenant.ClientID(),
		Secret: config.Secret{File: secret}, Cloud: cloud}}

	fmt.Fprintf(p.out, "%s: %d invented people behind a Microsoft Graph at %s\n\n", tenant.Name(), f.users, server.URL())
	result, err := p.runPipeline(ctx, c, runRequest{day: day})
	if err != nil {
		return err
	}
	writeSummary(p.out, result)
	if err := p.screens(ctx, datafolder.Folder{Root: data}); err != nil {
		return err
	}
	binary := os.Args[0]
	fmt.Fprintf(p.out, `
Go on with:
  %[1]s query --data %[2]s "FROM inactive_users WHERE days_without_use >= 90"
  %[1]s query --data %[2]s "SELECT table_name, comment FROM duckdb_tables() ORDER BY 1"
  %[1]s status --data %[2]s
`, binary, data)
	if code := resultCode(result); code != exitGood {
		return &exitError{code: code}
	}
	return nil
}

// screens prints the product's first screen from the published warehouse.
func (p *program) screens(ctx context.Context, data datafolder.Folder) error {
	db, err := warehouse.Open(data.Warehouse())
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	for _, screen := range []struct{ file, title string }{
		{"screens/usage.sql", "Use of each app in the last 30 days"},
		{"screens/licenses.sql", "Licences that cost money; idle: nobody behind it did anything in those 30 days"},
	} {
		question, err := sql.Files.ReadFile(screen.file)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.out, "\n%s\n\n", screen.title)
		if err := ask(ctx, db, string(question), view.NewTextTable(0, p.out)); err != nil {
			return err
		}
	}
	return nil
}

// secretFile keeps the sandbox's invented secret where a real one would be: in a file only its
// owner can read.
func secretFile(secret string) (path string, forget func(), err error) {
	folder, err := os.MkdirTemp("", "m365lake-demo-")
	if err != nil {
		return "", nil, err
	}
	forget = func() { _ = os.RemoveAll(folder) } // in the system's temporary folder anyway
	path = filepath.Join(folder, "client-secret")
	if err := os.WriteFile(path, []byte(secret), 0o600); err != nil {
		forget()
		return "", nil, err
	}
	return path, forget, nil
}
