package main

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/sourcegraph/conc/pool"
	"github.com/spf13/cobra"

	"m365lake/config"
)

// A finding is one thing that was looked at.
type finding struct {
	Subject string        `json:"subject"` // such as sign-in, clock, or the name of a permission
	Status  findingStatus `json:"status"`
	Text    string        `json:"text"`
	Remedy  string        `json:"remedy,omitempty"`
}

// A findingStatus says what a sync would make of a finding.
type findingStatus string

const (
	statusOK   findingStatus = "ok"
	statusNote findingStatus = "note" // worth knowing; a sync ends with 0
	statusGap  findingStatus = "gap"  // a sync publishes without what this is about
	statusStop findingStatus = "stop" // nothing is synced
)

// checkResult is what check prints as JSON. ExitCode is that of a sync under these circumstances.
type checkResult struct {
	ExitCode int           `json:"exit_code"`
	Config   string        `json:"config"`
	Data     string        `json:"data"`
	Machine  []finding     `json:"machine"`
	Tenants  []tenantCheck `json:"tenants"`
}

// tenantsCheckedAtOnce bounds how many tenants are asked at the same time.
const tenantsCheckedAtOnce = 4

func (p *program) checkCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "See whether a sync would work, and what it would lack: permissions, settings, disk",
		Long: `Sign in to every tenant of the configuration and ask Graph a few small questions: the
identity and its permissions, missing or too many; whether names are concealed; premium licences;
the clock; the data folder. Nothing is written but a person's renewed sign-in.

Exit codes are those a sync would have: 0 all good; 1 it would publish, with gaps; 2 the
configuration is wrong; 3 nothing would be published.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := config.Read(p.config)
			if err != nil {
				return usageError(err)
			}
			if p.data != "" {
				c.Data = p.data
			}
			result := p.check(cmd.Context(), c)
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			if asJSON {
				encoder := json.NewEncoder(p.out)
				encoder.SetIndent("", "  ")
				encoder.SetEscapeHTML(false)
				err = encoder.Encode(result)
			} else {
				err = result.write(p.out)
			}
			if err != nil {
				return err
			}
			if result.ExitCode != exitGood {
				return &exitError{code: result.ExitCode}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// check looks at the machine, and at the tenants at the same time.
func (p *program) check(ctx context.Context, c config.Config) checkResult {
	result := checkResult{Config: c.File, Data: c.Data, Machine: checkMachine(c), Tenants: make([]tenantCheck, len(c.Tenants))}
	work := pool.New().WithMaxGoroutines(tenantsCheckedAtOnce)
	for i, t := range c.Tenants {
		work.Go(func() { result.Tenants[i] = checkTenant(ctx, c, t) })
	}
	work.Wait()
	result.ExitCode = result.exit()
	return result
}

// exit is the exit code of a sync: one tenant is enough to publish, and one gap is enough for 1.
func (r checkResult) exit() int {
	has := func(findings []finding, status findingStatus) bool {
		return slices.ContainsFunc(findings, func(f finding) bool { return f.Status == status })
	}
	stopped, gaps := 0, has(r.Machine, statusGap)
	for _, t := range r.Tenants {
		if has(t.Findings, statusStop) {
			stopped++
		}
		gaps = gaps || has(t.Findings, statusGap)
	}
	switch {
	case has(r.Machine, statusStop) || stopped == len(r.Tenants):
		return exitNothing
	case gaps || stopped > 0:
		return exitGaps
	}
	return exitGood
}
