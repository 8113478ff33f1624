package provision

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Settings are the rules of provisioning, as the table settings has them.
type Settings struct {
	Approvals          Approvals
	PlanExpiry         time.Duration
	MaxActions         int     // steps of one run
	MaxSharePercent    float64 // users of one run, as a share of the tenant's
	SeatReserve        int     // seats of each product that assignments leave free
	UnknownErrorLimit  int     // errors that the program does not know, after which a run stops
	WriteConcurrency   int
	ProtectAdmins      bool
	MaxEvidenceAgeDays int // from the report date to the day of the plan
	MinConfidence      Confidence
}

// Approvals is who must agree to a plan.
type Approvals string

// Who must agree.
const (
	ApprovalNone      Approvals = "none"      // nobody
	ApprovalOne       Approvals = "one"       // anybody
	ApprovalDifferent Approvals = "different" // somebody who requested none of the plan's actions
)

// A Confidence is how sure a verdict of reclaimable_licenses is.
type Confidence string

// How sure.
const (
	LowConfidence    Confidence = "low"
	MediumConfidence Confidence = "medium"
	HighConfidence   Confidence = "high"
)

// Reaches says whether c is as sure as least, or more. A value that is none of the three reaches nothing.
func (c Confidence) Reaches(least Confidence) bool {
	order := []Confidence{LowConfidence, MediumConfidence, HighConfidence}
	have := slices.Index(order, c)
	return have >= 0 && have >= slices.Index(order, least)
}

// A Setting is one row of the table settings as a new control database has it.
type Setting struct {
	Name, Value, Meaning string
	read                 func(value string, into *Settings) error
}

var knownSettings = []Setting{
	{"approvals", "one", "Who must approve a plan before it is applied: none, one, or different (somebody who requested " +
		"none of its actions, each of which must then say who did).",
		choice(func(s *Settings, v Approvals) { s.Approvals = v }, ApprovalNone, ApprovalOne, ApprovalDifferent)},
	{"plan_expiry", "24h", "How long a plan holds, such as 90m or 24h; at most 720h.",
		func(value string, into *Settings) error {
			d, err := time.ParseDuration(value)
			if err != nil || d < time.Minute || d > 720*time.Hour {
				return fmt.Errorf("must be a duration from 1m to 720h, such as 24h")
			}
			into.PlanExpiry = d
			return nil
		}},
	{"max_actions", "100", "Steps that one run may do at most, from 1 to 100000.",
		whole(1, 100_000, func(s *Settings, v int) { s.MaxActions = v })},
	{"max_share_percent", "10", "Share of the tenant's users that one run may change at most, above 0 up to 100. One " +
		"user is always allowed.",
		func(value string, into *Settings) error {
			share, err := strconv.ParseFloat(value, 64)
			if err != nil || !(share > 0 && share <= 100) {
				return fmt.Errorf("must be a number above 0, up to 100")
			}
			into.MaxSharePercent = share
			return nil
		}},
	{"seat_reserve", "0", "Seats of each product that assignments leave free, from 0 to 1000000.",
		whole(0, 1_000_000, func(s *Settings, v int) { s.SeatReserve = v })},
	{"unknown_error_limit", "3", "Errors that the program does not know, after which a run stops; from 1 to 100.",
		whole(1, 100, func(s *Settings, v int) { s.UnknownErrorLimit = v })},
	{"write_concurrency", "2", "Users changed at the same time, from 1 to 4.",
		whole(1, 4, func(s *Settings, v int) { s.WriteConcurrency = v })},
	{"protect_admins", "true", "Whether everybody who holds a directory role is protected: true or false.",
		func(value string, into *Settings) error {
			if value != "true" && value != "false" {
				return fmt.Errorf("must be true or false")
			}
			into.ProtectAdmins = value == "true"
			return nil
		}},
	{"max_evidence_age_days", "4", "Days by which the reports behind an action with a basis may be old, from 1 to 30.",
		whole(1, 30, func(s *Settings, v int) { s.MaxEvidenceAgeDays = v })},
	{"min_confidence", "medium", "How sure an action with a basis must be: low, medium or high.",
		choice(func(s *Settings, v Confidence) { s.MinConfidence = v }, LowConfidence, MediumConfidence, HighConfidence)},
}

func whole(lowest, highest int, set func(*Settings, int)) func(string, *Settings) error {
	return func(value string, into *Settings) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < lowest || n > highest {
			return fmt.Errorf("must be a whole number from %d to %d", lowest, highest)
		}
		set(into, n)
		return nil
	}
}

func choice[T ~string](set func(*Settings, T), known ...T) func(string, *Settings) error {
	return func(value string, into *Settings) error {
		if !slices.Contains(known, T(value)) {
			return fmt.Errorf("must be %s", Alternatives(known))
		}
		set(into, T(value))
		return nil
	}
}

// DefaultSettings are those of a new control database.
func DefaultSettings() Settings {
	var s Settings
	for _, known := range knownSettings {
		if err := known.read(known.Value, &s); err != nil { // a fault of the list above
			panic(known.Name + ": " + err.Error())
		}
	}
	return s
}

// KnownSettings lists the settings with the values of a new control database.
func KnownSettings() []Setting { return slices.Clone(knownSettings) }

// Set changes one rule by the name and text of its row. An unknown name is an *UnknownNameError.
func (s *Settings) Set(name, value string) error {
	i := slices.IndexFunc(knownSettings, func(k Setting) bool { return k.Name == name })
	if i < 0 {
		return &UnknownNameError{Where: "table settings", What: "setting", Name: name, Known: settingNames()}
	}
	if err := knownSettings[i].read(strings.TrimSpace(value), s); err != nil {
		return fmt.Errorf("table settings, %s: %q %w", name, value, err)
	}
	return nil
}

func settingNames() []string {
	names := make([]string, len(knownSettings))
	for i, s := range knownSettings {
		names[i] = s.Name
	}
	return names
}
