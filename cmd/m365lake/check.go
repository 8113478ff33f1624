package main

import (
	"github.com/spf13/cobra"

	"m365lake/check"
	"m365lake/cmd/m365lake/view"
	"m365lake/config"
)

func (p *program) checkCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "See whether a sync would work, and what it would lack: permissions, settings, disk",
		Long: `Sign in to every tenant of the configuration and ask Graph a few small questions: the
identity and its permissions, missing or too many; whether names are concealed; premium licences;
the clock; the data folder and its disk; the metrics file and the addresses to notify. Nothing is
written but a person's renewed sign-in.

Exit codes are those a sync would have: 0 all good; 1 it would publish, with gaps, or tell nobody;
2 the configuration is wrong; 3 nothing would be published.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := config.Read(p.config)
			if err != nil {
				return usageError(err)
			}
			if p.data != "" {
				c.Data = p.data
			}
			questions := check.Questions{Config: c, UserAgent: "m365lake/" + version()}
			result := questions.Ask(cmd.Context())
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			code := exitOfOutcome[result.Outcome()]
			show := view.Check
			if asJSON {
				show = view.CheckJSON
			}
			if err := show(p.out, result, code); err != nil {
				return err
			}
			if code != exitGood {
				return &exitError{code: code}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// exitOfOutcome is the exit code that a sync would have.
var exitOfOutcome = map[check.Outcome]int{
	check.Works: exitGood, check.WorksWithGaps: exitGaps, check.PublishesNothing: exitNothing,
}
