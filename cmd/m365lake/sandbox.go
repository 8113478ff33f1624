package main

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"m365lake/sandbox"
)

// sandboxFlags describe a sandbox tenant on the command line.
type sandboxFlags struct {
	users         int
	seed          uint64
	today         string
	faults        []string
	reportCalls   int
	reportWindow  time.Duration
	artificialLag time.Duration
}

func (f *sandboxFlags) addFlags(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.users, "users", 500, "people in the directory")
	cmd.Flags().Uint64Var(&f.seed, "seed", 1, "the same seed makes the same company")
}

// open makes the tenant, at the given day; the zero day means now.
func (f *sandboxFlags) open(p *program, day time.Time) (*sandbox.Tenant, error) {
	options := sandbox.Options{
		Users: f.users, Seed: f.seed, Today: p.now, Faults: f.faults, PageLatency: f.artificialLag,
		Throttle: sandbox.Throttle{Calls: f.reportCalls, Window: f.reportWindow},
	}
	if !day.IsZero() {
		options.Today = func() time.Time { return day }
	}
	return sandbox.New(options)
}

func (p *program) sandboxCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "A Microsoft 365 tenant of invented people, to try and test with",
	}
	cmd.AddCommand(p.sandboxServeCommand(), p.sandboxTruthCommand())
	return cmd
}

func (p *program) sandboxServeCommand() *cobra.Command {
	var f sandboxFlags
	var addr, certificate string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the sandbox tenant on loopback and print how to connect to it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var day time.Time
			if f.today != "" {
				var err error
				if day, err = p.runDay(f.today); err != nil {
					return err
				}
			}
			tenant, err := f.open(p, day)
			if err != nil {
				return usageError(err)
			}
			server, err := tenant.Serve(addr)
			if err != nil {
				return usageError(err)
			}
			if certificate != "" {
				if err := trustCertificate(server, certificate); err != nil {
					return usageError(errors.Join(err, server.Close()))
				}
			}
			fmt.Fprint(p.out, sandboxConnection(tenant, server.URL()))
			<-cmd.Context().Done()
			return server.Close()
		},
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8365", "`host:port` on loopback; port 0 takes a free one")
	cmd.Flags().StringVar(&certificate, "certificate", "", "PEM `file` of a certificate to register with the application")
	cmd.Flags().StringVar(&f.today, "today", "", "the tenant's day, `YYYY-MM-DD` (default: today)")
	cmd.Flags().StringSliceVar(&f.faults, "faults", nil, faultsHelp())
	cmd.Flags().IntVar(&f.reportCalls, "report-calls", 14, "CSV calls each report allows in the window")
	cmd.Flags().DurationVar(&f.reportWindow, "report-window", 10*time.Minute, "the window")
	cmd.Flags().DurationVar(&f.artificialLag, "latency", 0, "wait before each answer")
	return cmd
}

// trustCertificate registers the first certificate of a PEM file.
func trustCertificate(server *sandbox.Server, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		server.TrustCertificate(certificate)
		return nil
	}
	return fmt.Errorf("%s: there is no block BEGIN CERTIFICATE", file)
}

func faultsHelp() string {
	text := "failures to turn on, by name:"
	for _, f := range sandbox.Faults() {
		text += "\n" + f.Name + ": " + f.Description
	}
	return text
}

// sandboxConnection is the environment and the configuration that connect to a sandbox.
func sandboxConnection(t *sandbox.Tenant, url string) string {
	return fmt.Sprintf(`# %s, a Microsoft 365 tenant of invented people, is at %s. Ctrl-C ends it.
# Save this as sandbox.yaml, and in another shell run:
#   export M365_CLIENT_SECRET=%s
#   m365lake sync --config sandbox.yaml
# That application may read. The one that may also write has client_id %s
# and the secret %s
tenants:
  - name: sandbox
    tenant_id: %s
    client_id: %s
    client_secret: {env: M365_CLIENT_SECRET}
    endpoints: {authority: "%s", graph: "%s"}
`, t.Name(), url, t.ClientSecret(), t.WriterID(), t.WriterSecret(), t.ID(), t.ClientID(), url, url)
}

func (p *program) sandboxTruthCommand() *cobra.Command {
	var f sandboxFlags
	cmd := &cobra.Command{
		Use:   "truth FOLDER",
		Short: "Write who was really active in the sandbox tenant, as CSV files to check numbers against",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			day, err := p.runDay(f.today)
			if err != nil {
				return err
			}
			tenant, err := f.open(p, day)
			if err != nil {
				return usageError(err)
			}
			if err := tenant.WriteTruth(args[0]); err != nil {
				return nothingError(err)
			}
			return nil
		},
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&f.today, "today", "", "the tenant's day, `YYYY-MM-DD` (default: today)")
	return cmd
}
