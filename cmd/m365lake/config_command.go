package main

import (
	"github.com/spf13/cobra"

	"m365lake/cmd/m365lake/view"
	"m365lake/config"
)

func (p *program) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show the configuration that holds, or describe it for an editor",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(p.configShowCommand(), p.configSchemaCommand())
	return cmd
}

func (p *program) configShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Print the configuration with its defaults, as YAML; it names where secrets are, and holds none",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			c, err := config.ReadDraft(p.config)
			if err != nil {
				return usageError(err)
			}
			if p.data != "" {
				c.Data = p.data
			}
			return c.Show(p.out)
		},
	}
}

func (p *program) configSchemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print a JSON Schema of pipelines.yaml, for editors that complete and check it",
		Long: `Print a JSON Schema of pipelines.yaml. Editors with the YAML language server use it when the file
begins with this line:

  # yaml-language-server: $schema=pipelines.schema.json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return view.JSON(p.out, config.FileSchema())
		},
	}
}
