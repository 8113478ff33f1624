package report

import (
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
	"m365lake/schemas/reports"
	"m365lake/transform/transformtest"
)

// A report may be about things that belong to no user: then its table has no user_key, and nothing is looked up.
func TestReportOfThingsWithoutUsers(t *testing.T) {
	teams := reports.New(reports.Report{
		Name: "teams_team_activity_detail", Function: "getTeamsTeamActivityDetail", Subject: reports.Team,
		Identity: []string{"team_id"},
	},
		"What happened in each team.",
		schemas.Column{Name: "team_id", Type: schemas.Text, Header: "Team Id", Required: true, Doc: "Id of the team."},
		schemas.Column{Name: "active_users", Type: schemas.Integer, Header: "Active Users", Doc: "Active users."},
	)
	who := transformtest.Tenant(t, "2026-11-20")
	text := "Report Refresh Date,Team Id,Active Users\n2026-11-18,t1,5\n2026-11-18,t2,\n"
	reader := NewReader(
		strings.NewReader(text),
		Request{TenantID: who.ID, Report: teams, Period: 7, File: "teams"},
		transformtest.UserIndexOf("t1"),
		who.Mem,
	)
	for rows, err := range reader.Batches() {
		if err != nil {
			t.Fatal(err)
		}
		active := rows.Column(teams.Table.Column("active_users")).(*array.Int64)
		if rows.NumRows() != 2 || active.Value(0) != 5 || active.IsValid(1) || teams.Table.HasColumn("user_key") {
			t.Errorf("%v", rows)
		}
	}
	if s := reader.Summary(); s.Rows != 2 || s.Unmatched != 0 || s.Concealed {
		t.Errorf("%+v", s)
	}
	// The same team twice is the same kind of fault as the same user twice.
	twice := NewReader(
		strings.NewReader(text+"2026-11-18,t1,6\n"),
		Request{TenantID: who.ID, Report: teams, Period: 7, File: "teams"},
		nil,
		who.Mem,
	)
	for _, err := range twice.Batches() {
		if err == nil || !strings.Contains(err.Error(), `row "t1" has another row in line 2`) {
			t.Errorf("got %v", err)
		}
	}
}
