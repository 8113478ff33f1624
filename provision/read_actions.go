package provision

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// actionColumns are those a file of actions may have, named as in provisioning_actions.
var actionColumns = []string{
	"tenant", "action", "target_user", "sku", "new_sku", "disabled_plans", "target_group", "usage_location",
	"display_name",
	"reason", "basis", "requested_by", "not_before",
}

// faultsShown is how many faults of a file are told at once.
const faultsShown = 10

// ReadActions reads a CSV file whose header names columns of provisioning_actions. The service
// plans of disabled_plans are separated by ; and "none" is the empty list. Every fault names its
// line and column; a file with one is not read at all.
func ReadActions(file string, text []byte) ([]Action, error) {
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("%s: is not in UTF-8; save it as CSV UTF-8", file)
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: is empty; its first line names the columns, such as action,target_user,sku", file)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := checkHeader(file, header); err != nil {
		return nil, err
	}
	var actions []Action
	var faults []error
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil { // where the next line begins is not known
			return nil, errors.Join(append(faults, fmt.Errorf("%s: %w", file, err))...)
		}
		line, _ := reader.FieldPos(0)
		a, err := actionOf(header, record)
		if err == nil {
			err = a.Validate()
		}
		if err != nil {
			faults = append(faults, &lineError{fmt.Sprintf("%s:%d", file, line), err})
		}
		if len(faults) == faultsShown {
			break
		}
		actions = append(actions, a)
	}
	if len(faults) == 0 && len(actions) == 0 {
		return nil, fmt.Errorf("%s: has a header and no actions", file)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return actions, nil
}

// lineError says where in a file an error is.
type lineError struct {
	where string
	err   error
}

func (e *lineError) Error() string { return e.where + ": " + e.err.Error() }
func (e *lineError) Unwrap() error { return e.err }

func checkHeader(file string, header []string) error {
	for i := range header {
		header[i] = strings.ToLower(strings.TrimSpace(header[i]))
		if !slices.Contains(actionColumns, header[i]) {
			return &UnknownNameError{Where: file + ":1", What: "column", Name: header[i], Known: actionColumns}
		}
		if slices.Contains(header[:i], header[i]) {
			return fmt.Errorf("%s:1: column %q stands there twice", file, header[i])
		}
	}
	for _, needed := range []string{"action", "target_user"} {
		if !slices.Contains(header, needed) {
			return fmt.Errorf("%s:1: column %s is missing; add it", file, needed)
		}
	}
	return nil
}

func actionOf(header, record []string) (Action, error) {
	var a Action
	for i, column := range header {
		value := strings.TrimSpace(record[i])
		if value == "" {
			continue
		}
		switch column {
		case "tenant":
			a.Tenant = value
		case "action":
			a.Kind = Kind(value)
		case "target_user":
			a.User = value
		case "sku":
			a.SKU = value
		case "new_sku":
			a.NewSKU = value
		case "disabled_plans":
			a.DisabledPlans = SplitPlans(value)
		case "target_group":
			a.Group = value
		case "usage_location":
			a.UsageLocation = value
		case "display_name":
			a.DisplayName = value
		case "reason":
			a.Reason = value
		case "basis":
			a.Basis = value
		case "requested_by":
			a.RequestedBy = value
		case "not_before":
			t, err := ParseMoment(value)
			if err != nil {
				return Action{}, fmt.Errorf("column not_before: %w", err)
			}
			a.NotBefore = t
		}
	}
	return a, nil
}

// SplitPlans reads a list of service plans: names or ids separated by ; or "none".
func SplitPlans(text string) []string {
	plans := []string{}
	if strings.EqualFold(strings.TrimSpace(text), "none") {
		return plans
	}
	for plan := range strings.SplitSeq(text, ";") {
		plans = append(plans, strings.TrimSpace(plan))
	}
	return plans
}

// ParseMoment reads a day, which begins at 00:00 UTC, or a time with its zone.
func ParseMoment(text string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q must be a day such as 2026-12-01 or a time such as 2026-12-01T18:00:00Z", text)
}
