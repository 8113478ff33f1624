package view

import (
	"fmt"
	"io"

	"m365lake/provision"
)

// Outcome writes one line about what became of a step.
func Outcome(w io.Writer, o provision.Outcome) {
	fmt.Fprintf(w, "%4d  %-16s  %s of %s", o.Step.Number, o.Status, o.Step.Kind, o.Step.User.UserPrincipalName)
	if o.Detail != "" {
		fmt.Fprintf(w, ": %s", o.Detail)
	}
	if o.Code != "" {
		fmt.Fprintf(w, " [%s]", o.Code)
	}
	fmt.Fprintln(w)
}

// Applied writes for people what became of a plan, after the lines of Outcome.
func Applied(w io.Writer, s provision.Summary) {
	if len(s.Outcomes) == 0 && s.Stopped == "" && len(s.Open) == 0 {
		fmt.Fprintf(w, "%s: nothing is left to do\n", s.PlanID)
		return
	}
	fmt.Fprintf(w, "\n%s: %d applied, %d already done, %d refused, %d failed, %d wait for a seat\n",
		s.PlanID, s.Count(provision.Applied), s.Count(provision.AlreadyDone), s.Count(provision.Refused),
		s.Count(provision.Failed), s.Count(provision.WaitingForSeat))
	for _, open := range s.Open {
		fmt.Fprintf(w, "not known: %s\n", open)
	}
	if s.Stopped != "" {
		fmt.Fprintln(w, s.Stopped)
	}
	if s.Count(provision.Applied) > 0 {
		fmt.Fprintf(w, "take it back with m365lake provision undo %s\n", s.RunID)
	}
}

// AppliedJSON writes what became of a plan, step by step.
func AppliedJSON(w io.Writer, s provision.Summary) error {
	type outcome struct {
		Step     int              `json:"step"`
		ActionID int64            `json:"action_id"`
		Action   provision.Kind   `json:"action"`
		User     provision.User   `json:"user"`
		Status   provision.Status `json:"status"`
		Code     string           `json:"code,omitempty"`
		Detail   string           `json:"detail,omitempty"`
	}
	outcomes := []outcome{}
	for _, o := range s.Outcomes {
		outcomes = append(outcomes, outcome{
			o.Step.Number, o.Step.ActionID, o.Step.Kind, o.Step.User, o.Status, o.Code, o.Detail,
		})
	}
	return JSON(w, map[string]any{
		"plan_id": s.PlanID, "run_id": s.RunID, "outcomes": outcomes,
		"not_known": append([]string{}, s.Open...), "stopped": s.Stopped,
	})
}
