package provision

import (
	"fmt"
)

// A Refusal is why something must not be done.
type Refusal struct {
	Code   string // for programs
	Reason string // for people, with what to do
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Reason }

// NewRefusal returns a refusal with a code, which docs/provisioning.md explains, and a formatted reason.
func NewRefusal(code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Reason: fmt.Sprintf(format, args...)}
}
