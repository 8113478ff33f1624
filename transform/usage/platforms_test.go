package usage

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/schemas/reports"
	"m365lake/transform/transformtest"
	"m365lake/transform/userindex"
)

var platformColumns = []string{
	"app",
	"active_users",
	"windows_users",
	"mac_users",
	"mobile_users",
	"web_users",
	"desktop_users",
}

// Licensed, active users are counted by platform; somebody on Windows and Mac is on the desktop once.
func TestPlatforms(t *testing.T) {
	a := testActivity(t, "word")
	got := readReport(
		t,
		a,
		reports.M365AppUserDetail,
		7,
		"Report Refresh Date,User Principal Name,Word,Word (Windows),Word (Mac),Word (Mobile),Word (Web),Excel,Excel "+
			"(Windows),Excel (Mobile)",
		"2026-11-18,a@x.example,Yes,Yes,Yes,No,Yes,Yes,Yes,No", // licensed for Word, not for Excel
		"2026-11-18,b@x.example,Yes,Yes,No,Yes,No,No,No,No",
	) // licensed for neither
	want := [][]any{{"word", 1.0, 1.0, 1.0, 0.0, 1.0, 1.0}, {"excel", 0.0, 0.0, nil, 0.0, nil, nil}}
	var all [][]any
	for _, row := range transformtest.Pick(got["activity_metrics"],
		append([]string{"all_departments"}, platformColumns...)...) {
		if row[0] == true && (row[1] == "word" || row[1] == "excel") {
			all = append(all, row[1:])
		}
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
	// "Any app" includes the services, of which no report tells platforms.
	together := transformtest.Pick(
		transformtest.MustCollect(t, a.Cumulative(7, 1))["activity_metrics"][:1],
		platformColumns...)
	if diff := cmp.Diff([][]any{{"cumulative", 1.0, nil, nil, nil, nil, nil}}, together); diff != "" {
		t.Error(diff)
	}
}

// A flag that says the app was not used leaves nobody on a platform, and departments add up.
func TestPlatformsByDepartment(t *testing.T) {
	a := testActivity(t, "word")
	a.Users.People[2] = userindex.Person{Listed: true, Licensed: reports.AppNamed("word"), Department: 1}
	a.Users.Departments = []string{"", "Sales"}
	got := readReport(t, a, reports.M365AppUserDetail, 7,
		"Report Refresh Date,User Principal Name,Word,Word (Windows),Word (Mac),Word (Mobile),Word (Web)",
		"2026-11-18,a@x.example,No,No,No,Yes,No",
		"2026-11-18,b@x.example,Yes,No,Yes,Yes,No")
	var word [][]any
	for _, row := range transformtest.Pick(got["activity_metrics"],
		append([]string{"department"}, platformColumns...)...) {
		if row[1] == "word" {
			word = append(word, row)
		}
	}
	want := [][]any{
		{nil, "word", 1.0, 0.0, 1.0, 1.0, 0.0, 1.0},
		{nil, "word", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
		{"Sales", "word", 1.0, 0.0, 1.0, 1.0, 0.0, 1.0},
	}
	if diff := cmp.Diff(want, word); diff != "" {
		t.Error(diff)
	}
}
