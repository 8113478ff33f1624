package provision

// An Outcome is what became of one step.
type Outcome struct {
	Step   *Step
	Status Status
	Code   string
	Detail string
}

// A Summary is what became of a plan.
type Summary struct {
	PlanID   string
	RunID    string
	Outcomes []Outcome // by step
	Open     []string  // steps of which it is not known whether they were done; the next run finds out
	Stopped  string    // why the run ended early; empty when it did not
}

// Count is how many steps ended in a status.
func (s Summary) Count(status Status) int {
	n := 0
	for _, o := range s.Outcomes {
		if o.Status == status {
			n++
		}
	}
	return n
}
