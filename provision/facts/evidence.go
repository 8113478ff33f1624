package facts

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"m365lake/provision"
	"m365lake/schemas/reports"
)

// A finding is a row of reclaimable_licenses.
type finding struct {
	SKU string
	provision.Evidence
	young bool
}

// findings is what the warehouse has against licences of users, and how far it can be believed.
type findings struct {
	ByUser    map[string][]finding
	concealed bool
	faulty    string // the reports at fault
}

// Reasons of reclaimable_licenses that the directory alone decides, so that no report counts.
func directoryDecides(basis string) bool { return basis == "disabled account" || basis == "duplicate" }

func readFindings(ctx context.Context, db *sql.DB, ids []string) (findings, error) {
	f := findings{ByUser: map[string][]finding{}}
	if len(ids) == 0 {
		return f, nil
	}
	err := eachRow(ctx, db, "evidence", func(rows *sql.Rows) error {
		var one finding
		var id string
		var report, last sql.NullString
		if err := rows.Scan(&id, &one.SKU, &one.Basis, &one.Confidence, &report, &last, &one.young); err != nil {
			return err
		}
		one.ReportDate, one.LastActivityDate = report.String, last.String
		f.ByUser[id] = append(f.ByUser[id], one)
		return nil
	}, strings.Join(ids, ","))
	if err != nil {
		return f, err
	}
	var deciding []string
	for _, app := range reports.Apps() {
		deciding = append(deciding, app.Report.Name)
	}
	// Any id of the tenant will do, but not everybody is in the warehouse.
	for _, id := range ids {
		found := false
		err := eachRow(ctx, db, "evidence_reports", func(rows *sql.Rows) error {
			found = true
			return rows.Scan(&f.concealed, &f.faulty)
		}, id, strings.Join(deciding, ","))
		if err != nil || found {
			return f, err
		}
	}
	return f, nil
}

// EvidenceFor says what the evidence for a basis is and, if it is not enough, why. sku is empty where the
// action is about the whole account: then any licence of the user will do.
func (f findings) EvidenceFor(
	userID, sku, basis string, s provision.Settings, now time.Time,
) (*provision.Evidence, *provision.Refusal) {
	var found *finding
	for i, one := range f.ByUser[userID] {
		if (sku == "" || one.SKU == sku) && (found == nil || found.Basis != basis && one.Basis == basis) {
			found = &f.ByUser[userID][i]
		}
	}
	switch {
	case f.concealed && !directoryDecides(basis):
		return nil, provision.NewRefusal("evidence_concealed",
			"the row rests on %q, and Microsoft conceals names in the usage reports, so that nobody knows who is active; show "+
				"the names in the admin center and sync", basis)
	case found == nil:
		return nil, provision.NewRefusal("evidence_gone",
			"the row rests on %q, and the warehouse no longer says so: the user may have become active or may have lost "+
				"the licence", basis)
	case found.Basis != basis:
		return nil, provision.NewRefusal("evidence_gone",
			"the row rests on %q, and the warehouse says %q by now; decide anew", basis, found.Basis)
	}
	evidence := &found.Evidence
	if directoryDecides(basis) {
		return evidence, nil // the directory is asked itself, live
	}
	day, err := time.Parse(time.DateOnly, evidence.ReportDate)
	age := int(now.UTC().Truncate(24*time.Hour).Sub(day).Hours() / 24)
	switch {
	case err != nil:
		return evidence, provision.NewRefusal("evidence_none",
			"the row rests on %q, and no usage report was ever good enough to say so; sync first", basis)
	case age > s.MaxEvidenceAgeDays:
		return evidence, provision.NewRefusal("evidence_stale",
			"the row rests on %q, and the reports end on %s, %d days ago, where max_evidence_age_days allows %d; sync first",
			basis, evidence.ReportDate, age, s.MaxEvidenceAgeDays)
	case f.faulty != "":
		return evidence, provision.NewRefusal("evidence_partial",
			"the row rests on %q, and the last run got reports that cannot be believed (%s); sync again", basis, f.faulty)
	case found.young:
		return evidence, provision.NewRefusal("evidence_young",
			"the row rests on %q, and the account is too young for a verdict; leave it 30 days", basis)
	case !provision.Confidence(evidence.Confidence).Reaches(s.MinConfidence):
		return evidence, provision.NewRefusal("evidence_low_confidence",
			"the row rests on %q with confidence %s, where min_confidence asks for %s", basis, evidence.Confidence,
			s.MinConfidence)
	}
	return evidence, nil
}

// CheckSteps says of which steps the verdict they rest on no longer stands, by their numbers. Steps
// that a person decided without a verdict are never among them.
func CheckSteps(
	ctx context.Context, warehouse *sql.DB, steps []provision.Step, settings provision.Settings, now time.Time,
) (map[int]provision.Refusal, error) {
	refused := map[int]provision.Refusal{}
	var rest []provision.Step
	var ids []string
	for _, s := range steps {
		switch {
		case s.Evidence == nil:
		case warehouse == nil:
			refused[s.Number] = *NoWarehouse(s.Evidence.Basis)
		default:
			rest, ids = append(rest, s), append(ids, s.User.ID)
		}
	}
	slices.Sort(ids)
	if len(rest) == 0 {
		return refused, nil
	}
	f, err := readFindings(ctx, warehouse, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	for _, s := range rest {
		if _, no := f.EvidenceFor(s.User.ID, s.TakenSKU(), s.Evidence.Basis, settings, now); no != nil {
			refused[s.Number] = *no
		}
	}
	return refused, nil
}

// NoWarehouse refuses an action that rests on a verdict when there is no warehouse to ask.
func NoWarehouse(basis string) *provision.Refusal {
	return provision.NewRefusal(
		"evidence_none",
		"the row rests on %q, and there is no warehouse to ask; sync first, or write the row without a basis", basis)
}
