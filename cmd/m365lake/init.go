package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"m365lake"
	"m365lake/config/initial"
	"m365lake/graph/cloud"
	"m365lake/internal/disk"
	"m365lake/pipeline/datafolder"
)

func (p *program) initCommand() *cobra.Command {
	a := initial.Suggested()
	var force bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a commented pipelines.yaml after a few questions, or from flags",
		Long: `Write the configuration file, with a comment on every key. On a terminal it asks for what the
flags leave open; without one the flags must say it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			before, err := os.ReadFile(p.config)
			untouched := err == nil && string(before) == m365lake.Pipelines // as it comes with the program
			if datafolder.Exists(p.config) && !untouched && !force {
				return usageError(fmt.Errorf(
					"%s is there already; name another with --config, or overwrite it with --force", p.config))
			}
			if inputIsTerminal(p.in) {
				if err := a.Ask(p.input(cmd.Context()), p.err, cmd.Flags().Changed); err != nil {
					return usageError(err)
				}
			}
			content, err := a.Configuration()
			if err != nil {
				return usageError(err)
			}
			if err := renameio.WriteFile(p.config, []byte(content), 0o600); err != nil {
				return nothingError(fmt.Errorf("cannot write %s: %w", p.config, disk.WithoutPath(err)))
			}
			fmt.Fprint(p.out, a.NextSteps(p.config))
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&a.Name, "name", a.Name, "a short `name` for the tenant")
	flags.StringVar(&a.TenantID, "tenant-id", "", "Directory (tenant) ID of the app registration")
	flags.StringVar(&a.ClientID, "client-id", "", "Application (client) ID")
	flags.StringVar(&a.SignIn, "sign-in", a.SignIn, "`way` to sign in: "+strings.Join(initial.SignInWays(), ", "))
	flags.StringVar(&a.Secret, "secret-env", a.Secret, "environment `variable` that holds the client secret")
	flags.StringVar(&a.Certificate, "certificate", "", "PEM or PFX `file`, for --sign-in certificate")
	flags.StringVar(&a.Cloud, "cloud", a.Cloud, "national cloud: "+strings.Join(cloud.Names(), ", "))
	flags.StringVar(&a.Authority, "authority", "", "`address` of the sign-in service of another cloud, or of a sandbox")
	flags.StringVar(&a.Graph, "graph", "", "`address` of its Microsoft Graph")
	flags.StringVar(&a.Data, "data-folder", a.Data, "`folder` of the data, from the configuration's folder")
	flags.BoolVar(&a.SignInActivity, "sign-in-activity", a.SignInActivity,
		"ask for last sign-ins (needs Entra ID P1 or P2)")
	flags.BoolVar(&force, "force", false, "overwrite the file")
	return cmd
}
