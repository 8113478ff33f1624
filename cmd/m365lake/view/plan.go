package view

import (
	"fmt"
	"io"

	"m365lake/provision"
)

// Plans writes plans: for people, what would be done, what would not and why, seats and money, and how to go on;
// for machines with the hash of each.
func Plans(w io.Writer, plans []*provision.Plan, approvals provision.Approvals, asJSON bool) error {
	if asJSON {
		type hashed struct {
			*provision.Plan
			Hash string `json:"hash"`
		}
		all := []hashed{}
		for _, plan := range plans {
			all = append(all, hashed{plan, plan.Hash()})
		}
		return JSON(w, map[string]any{"plans": all})
	}
	if len(plans) == 0 {
		fmt.Fprintln(w, "nothing to plan: no change is requested and due")
	}
	for _, plan := range plans {
		writePlan(w, plan, approvals)
	}
	return nil
}

func writePlan(w io.Writer, plan *provision.Plan, approvals provision.Approvals) {
	counts := map[provision.Verdict]int{}
	fmt.Fprintf(w, "%s of %s\n\n", plan.ID, plan.TenantName)
	for _, s := range plan.Steps {
		counts[s.Verdict]++
		code := ""
		if s.Verdict == provision.Refuse {
			code = " [" + s.Code + "]"
		}
		fmt.Fprintf(w, "%4d  %-12s  %s%s\n", s.Number, s.Verdict, s.Sentence, code)
		for _, note := range s.Notes {
			fmt.Fprintf(w, "%4s  %-12s  %s\n", "", "", note)
		}
	}
	writeSeats(w, plan.Seats)
	writeMoney(w, plan.Money)
	fmt.Fprintf(w, "\n%d to change, %d already done, %d refused, %d without a seat\n",
		counts[provision.Change], counts[provision.Nothing], counts[provision.Refuse], counts[provision.NoSeat])
	if counts[provision.Change] == 0 {
		return
	}
	next := "approve"
	if approvals == provision.ApprovalNone {
		next = "apply"
	}
	fmt.Fprintf(w, "holds until %s; go on with m365lake provision %s %s\n",
		plan.ExpiresAt.Format("2006-01-02 15:04 UTC"), next, plan.ID)
}

func writeSeats(w io.Writer, seats []provision.Seats) {
	if len(seats) > 0 {
		fmt.Fprintln(w, "\nseats")
		for _, s := range seats {
			fmt.Fprintf(w, "      %s: %d of %d assigned, then %d\n", s.ProductName, s.Before, s.Bought, s.After)
		}
	}
}

func writeMoney(w io.Writer, money []provision.Money) {
	for _, m := range money {
		fmt.Fprintln(w)
		if m.Currency != "" {
			verb, sign := "saves", 1.0
			if m.Monthly < 0 {
				verb, sign = "costs", -1
			}
			fmt.Fprintf(w, "%s %.2f %s a month, %.2f a year", verb, sign*m.Monthly, m.Currency, sign*m.Yearly)
			if m.WithoutPrice > 0 {
				fmt.Fprint(w, "; ")
			} else {
				fmt.Fprintln(w)
			}
		}
		if m.WithoutPrice > 0 {
			fmt.Fprintf(w, "seats that move without a known price: %d\n", m.WithoutPrice)
		}
	}
}
