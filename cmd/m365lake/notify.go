package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"m365lake/config"
	"m365lake/internal/text"
	"m365lake/notify"
)

func (p *program) notifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "notify",
		Short: "Test the messages about runs",
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "test",
		Short: "Send a test message to every notification URL and to the health check",
		Long: `Send a test message to every notification URL of the configuration, and a log ping to the health
check, which does not change how the check stands.

Exit codes: 0 all delivered; 2 wrong usage or configuration; 3 some were not delivered.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := config.ReadIfAny(p.config)
			if err != nil {
				return usageError(err)
			}
			if !c.Notify.HasRecipients() {
				return usageError(errNobody)
			}
			return p.testNotifications(cmd.Context(), c.Notify)
		},
	})
	return cmd
}

// testNotifications tells everybody, one after the other, and says how each of them went.
func (p *program) testNotifications(ctx context.Context, c config.Notify) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	m := notify.Message{Title: "m365lake: a test", Text: "If you can read this, you will be told how each run went.\n"}
	failed := 0
	said := func(what string, err error) {
		if err != nil {
			failed++
			fmt.Fprintf(p.out, "%s: not delivered: %v\n", what, err)
			return
		}
		fmt.Fprintf(p.out, "%s: delivered\n", what)
	}
	for _, kept := range c.URLs {
		address := addressOf(kept, "shoutrrr URL of the notification")
		said("notification "+address.Where, address.Send(ctx, m))
	}
	if kept := c.HealthCheck; kept.IsSet() {
		check, err := kept.Read("URL of the health check")
		if err == nil {
			err = notify.HealthCheck(ctx, check, notify.PingLog, id.String(), m.Title+"\n"+m.Text)
		}
		said("healthcheck "+kept.Place(), err)
	}
	if failed > 0 {
		return nothingError(fmt.Errorf("%s not delivered", text.Count(failed, "message")))
	}
	return nil
}
