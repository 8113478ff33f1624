package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"m365lake/cmd/m365lake/view"
	"m365lake/config"
	"m365lake/config/signin"
	"m365lake/graph/auth"
	"m365lake/graph/permissions"
)

func (p *program) connectCommand() *cobra.Command {
	var name string
	var device bool
	cmd := &cobra.Command{
		Use:   "connect",
		Short: "Sign in to a tenant as yourself, where no application may",
		Long: `Sign in to a tenant as yourself, for tenants whose configuration says auth: {delegated: {}}.
Later runs go on with that sign-in until you disconnect, or do not run for 90 days.

Without --device a browser on this machine signs you in. With it, any browser does: you type a code.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			tenant, err := p.delegatedTenant(name)
			if err != nil {
				return err
			}
			return p.connect(cmd.Context(), tenant, device)
		},
	}
	cmd.Flags().StringVar(&name, "tenant", "", "`name` of the tenant (default: the only one that is delegated)")
	cmd.Flags().BoolVar(&device, "device", false, "sign in with a code in a browser anywhere")
	return cmd
}

func (p *program) disconnectCommand() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "disconnect",
		Short: "Forget the sign-in that connect made",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			tenant, err := p.delegatedTenant(name)
			if err != nil {
				return err
			}
			store, err := signin.StoreOf(tenant)
			if err != nil {
				return usageError(err)
			}
			was, err := store.Remove(cmd.Context())
			switch {
			case err != nil:
				return nothingError(err)
			case !was:
				fmt.Fprintf(p.out, "%s was not connected\n", tenant.Name)
			default:
				fmt.Fprintf(p.out, "%s is disconnected: its refresh token is removed from this machine\n", tenant.Name)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&name, "tenant", "", "`name` of the tenant (default: the only one that is delegated)")
	return cmd
}

// delegatedTenant finds the tenant a person signs in to.
func (p *program) delegatedTenant(name string) (config.Tenant, error) {
	c, err := config.Read(p.config)
	if err != nil {
		return config.Tenant{}, usageError(err)
	}
	tenant, err := signin.DelegatedTenant(c, name)
	if err != nil {
		return config.Tenant{}, usageError(err)
	}
	return tenant, nil
}

func (p *program) connect(ctx context.Context, t config.Tenant, device bool) error {
	store, err := signin.StoreOf(t)
	if err != nil {
		return usageError(err)
	}
	if err := store.CheckKey(); err != nil {
		return usageError(err)
	}
	signIn := auth.SignIn{
		Cloud: t.Cloud, TenantID: t.TenantID, ClientID: t.ClientID, UserAgent: "m365lake/" + version(),
		Permissions: permissions.ReadingNames(),
	}
	var token string
	if device {
		token, err = signIn.ByDevice(ctx, func(d auth.DeviceCode) {
			fmt.Fprintf(p.err, "To sign in to %s, open %s in any browser and enter the code %s\n", t.Name, d.Address, d.Code)
		})
	} else {
		token, err = signIn.ByBrowser(ctx, func(address string) {
			fmt.Fprintf(p.err, "To sign in to %s, open this address in a browser on this machine:\n%s\n", t.Name, address)
			if view.IsTerminal(p.err) {
				openBrowser(ctx, address)
			}
		})
	}
	if err != nil {
		return nothingError(fmt.Errorf("tenant %s: %w", t.Name, err))
	}
	protection, err := store.Save(ctx, token)
	if err != nil {
		return nothingError(fmt.Errorf("tenant %s: %w", t.Name, err))
	}
	fmt.Fprintf(p.out, "%s is connected: the sign-in is kept in %s, %s\n", t.Name, store.Path(), protection)
	return nil
}
