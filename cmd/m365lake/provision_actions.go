package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"m365lake/provision"
	"m365lake/provision/control"
)

func (p *program) provisionAddCommand() *cobra.Command {
	var a provision.Action
	var kind, plans, notBefore string
	cmd := &cobra.Command{
		Use:   "add --action ACTION --user USER",
		Short: "Ask for one change",
		Example: `  m365lake provision add --action remove_license --user anna@contoso.com --sku VISIOCLIENT \
    --reason "not needed"
  m365lake provision add --action swap_license --user anna@contoso.com --sku SPE_E5 --new-sku SPE_E3`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			a.Kind = provision.Kind(kind)
			if cmd.Flags().Changed("disabled-plans") {
				a.DisabledPlans = provision.SplitPlans(plans)
			}
			if notBefore != "" {
				if a.NotBefore, err = provision.ParseMoment(notBefore); err != nil {
					return usageError(fmt.Errorf("--not-before: %w", err))
				}
			}
			if a.RequestedBy, err = p.actor(); err != nil {
				return err
			}
			if err := a.Validate(); err != nil {
				return usageError(explainUnknownName(err))
			}
			return p.withControl(cmd.Context(), func(control *control.Database) error {
				id, err := control.AddAction(cmd.Context(), a)
				if err != nil {
					return err
				}
				fmt.Fprintf(p.out, "action %d: %s %s, requested by %s\n", id, a.Kind, a.User, a.RequestedBy)
				return nil
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&kind, "action", "", "what to do, such as remove_license")
	flags.StringVar(&a.User, "user", "", "sign-in name or object id")
	flags.StringVar(&a.Tenant, "tenant", "", "name or id of the tenant, where there are several")
	flags.StringVar(&a.SKU, "sku", "", "the product, by part number, id or name")
	flags.StringVar(&a.NewSKU, "new-sku", "", "what swap_license gives in place of --sku")
	flags.StringVar(&plans, "disabled-plans", "", "service plans to switch off, separated by ; (none for none)")
	flags.StringVar(&a.Group, "group", "", "the group, by id or name")
	flags.StringVar(&a.UsageLocation, "usage-location", "", "two-letter country")
	flags.StringVar(&a.DisplayName, "display-name", "", "name of the new user")
	flags.StringVar(&a.Reason, "reason", "", "why")
	flags.StringVar(&a.Basis, "basis", "", "reason of reclaimable_licenses that it rests on, which is then checked again")
	flags.StringVar(&notBefore, "not-before", "", "earliest `day or time`")
	return cmd
}

func (p *program) provisionImportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE",
		Short: "Ask for the changes of a CSV file, all of them or none",
		Long: `Ask for the changes of a CSV file, or of standard input with -, all of them or none. Its header names
columns of provisioning_actions: action and target_user, and as needed sku, new_sku, disabled_plans
(separated by ; or none), target_group, usage_location, display_name, reason, basis, tenant,
not_before and requested_by, which is you unless the file says otherwise.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file := args[0]
			text, err := p.readFile(cmd.Context(), file)
			if err != nil {
				return usageError(err)
			}
			actions, err := provision.ReadActions(file, text)
			if err != nil {
				return usageError(fmt.Errorf("%w\nnothing was added", explainUnknownName(err)))
			}
			who, err := p.actor()
			if err != nil {
				return err
			}
			for i := range actions {
				if actions[i].RequestedBy == "" {
					actions[i].RequestedBy = who
				}
			}
			return p.withControl(cmd.Context(), func(control *control.Database) error {
				ids, err := control.AddActions(cmd.Context(), actions)
				if err != nil {
					return err
				}
				fmt.Fprintf(p.out, "%d actions were added: %d to %d\n", len(ids), ids[0], ids[len(ids)-1])
				return nil
			})
		},
	}
}

// readFile reads a file, or standard input for -.
func (p *program) readFile(ctx context.Context, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(p.input(ctx))
	}
	return os.ReadFile(name)
}
