package sql_test

import (
	sqlfiles "m365lake/sql"

	"fmt"
	"testing"

	"m365lake/schemas/catalog"
)

// rollUp makes the roll-ups of a month of tenant a, as a build does.
func (w *warehouse) rollUp(months ...string) {
	w.t.Helper()
	for _, table := range []string{"activity_months", "activity_trend"} {
		text, err := sqlfiles.Files.ReadFile("rollups/" + table + ".sql")
		if err != nil {
			w.t.Fatal(err)
		}
		for _, month := range months {
			w.exec("SET VARIABLE tenant_id = 'a'; SET VARIABLE month = DATE '" + month + "'")
			w.exec(string(text))
		}
	}
}

// known notes what the runs found of single days of a report: a tuple of first day, last day, status
// and the day on which they were asked for.
func (w *warehouse) known(report, first, last, status, runDay string) {
	w.t.Helper()
	w.exec(
		fmt.Sprintf(
			`INSERT INTO report_status (tenant_id, run_day, report, report_period, asked_day, status, rows, unmatched_rows,
				run_id)
		SELECT 'a', DATE '%s', '%s', 1, unnest(range(DATE '%s', DATE '%s' + 1, INTERVAL 1 DAY))::DATE, '%s', 1, 0,
			'run of %[1]s'`,
			runDay,
			report,
			first,
			last,
			status,
		),
	)
}

// active gives the user activity in the app on each of the days.
func (w *warehouse) active(report, app string, user int, days ...string) {
	w.t.Helper()
	for _, day := range days {
		w.insert(
			"app_activity_daily",
			"report_date, report, app, user_key, actions",
			fmt.Sprintf("'a', '%s', '%s', '%s', %d, %d", day, report, app, user, user),
		)
	}
}

const metricsColumns = "report_date, report_period, report, app, all_departments, department, licensed_users, " +
	"active_users, inactive_users, unreported_users, unlicensed_active_users"

func TestActivityFrequency(t *testing.T) {
	w := twoTenants(t)
	w.insert("activity_metrics", metricsColumns,
		"'a', '2026-11-20', 7, 'r', 'word', true, NULL, 99, 0, 99, 0, 0", // older
		"'a', '2026-11-21', 7, 'r', 'word', true, NULL, 4, 2, 2, 1, 0",
		"'a', '2026-11-21', 7, 'r', 'word', false, 'Sales', 2, 1, 1, 0, 0",
		"'a', '2026-11-21', 7, 'r', 'word', false, NULL, 2, 1, 1, 1, 0",
		"'a', '2026-11-21', 30, 'r', 'word', true, NULL, 4, 2, 2, 1, 0",
		"'a', '2026-11-21', 7, 's', 'exchange', true, NULL, 0, 0, 0, 0, 1", // nobody has a licence
		"'a', '2026-11-21', 7, 'c', 'copilot', true, NULL, 3, 1, 2, 0, 0",  // gives no single days
		"'a', '2026-11-21', 7, 'all', 'cumulative', true, NULL, 5, 3, 2, 0, 0")
	w.insert("app_activity", "report_date, report_period, report, app, user_key, licensed, active",
		"'a', '2026-11-21', 7, 'r', 'word', 1, true, true",
		"'a', '2026-11-21', 7, 'r', 'word', 2, true, true",
		"'a', '2026-11-21', 7, 'r', 'word', 3, true, false",
		"'a', '2026-11-21', 7, 'all', 'cumulative', 1, true, true",
		"'a', '2026-11-21', 7, 's', 'exchange', 4, false, true")
	w.known("r", "2026-11-15", "2026-11-21", "good", "2026-11-23")
	w.known("s", "2026-11-17", "2026-11-20", "good", "2026-11-23")
	w.known("s", "2026-11-21", "2026-11-21", "failed", "2026-11-23")
	w.active("r", "word", 1, "2026-11-14", "2026-11-15", "2026-11-18", "2026-11-21") // the first is before the period
	w.active("r", "word", 2, "2026-11-20")
	w.active("s", "exchange", 4, "2026-11-19", "2026-11-20", "2026-11-21")
	w.active("s", "exchange", 1, "2026-11-16", "2026-11-17")
	w.rollUp("2026-11-01")

	const classes = "app, report_period, all_departments, department, licensed_users, daily_users, weekly_users, " +
		"monthly_users, none_users, days_known, report_date FROM activity_frequency WHERE tenant_id = 'a'"
	w.expect("SELECT "+classes+" AND app = 'word'",
		"word|7|true|NULL|4|1|1|0|2|7|2026-11-21",
		"word|7|false|Sales|2|1|0|0|1|7|2026-11-21",
		"word|7|false|NULL|2|0|1|0|1|7|2026-11-21",
		"word|30|true|NULL|4|NULL|NULL|NULL|NULL|7|2026-11-21") // 7 of 30 days are not enough
	w.expect("SELECT "+classes+" AND app IN ('exchange', 'copilot', 'cumulative')",
		"cumulative|7|true|NULL|5|NULL|NULL|NULL|NULL|4|2026-11-21", // known of both reports on four days only
		"exchange|7|true|NULL|0|NULL|NULL|NULL|NULL|4|2026-11-21",
		"copilot|7|true|NULL|3|NULL|NULL|NULL|NULL|0|2026-11-21")

	// With two more days five of seven are known, enough to judge in proportion: Anna had activity
	// on four of them, and Emil, whom the reports do not list, is among those with none.
	w.known("s", "2026-11-16", "2026-11-16", "good", "2026-11-23")
	w.expect("SELECT "+classes+" AND app IN ('exchange', 'cumulative')",
		"cumulative|7|true|NULL|5|1|0|0|4|5|2026-11-21",
		"exchange|7|true|NULL|0|0|0|0|0|5|2026-11-21")
}

// The classes of a period are days a week on average, whatever its length.
func TestActivityFrequencyThresholds(t *testing.T) {
	for _, c := range []struct {
		period, active int
		class          string
	}{
		{7, 3, "daily"}, {7, 2, "weekly"}, {7, 1, "weekly"}, {7, 0, "none"},
		{30, 13, "daily"}, {30, 12, "weekly"}, {30, 5, "weekly"}, {30, 4, "monthly"}, {30, 1, "monthly"}, {30, 0, "none"},
		{90, 39, "daily"}, {90, 38, "weekly"}, {90, 13, "weekly"}, {90, 12, "monthly"},
		{180, 180, "daily"}, {180, 78, "daily"}, {180, 77, "weekly"}, {180, 26, "weekly"}, {180, 25, "monthly"},
		{180, 1, "monthly"},
	} {
		t.Run(fmt.Sprint(c.active, " of ", c.period), func(t *testing.T) {
			w := twoTenants(t)
			w.insert(
				"activity_metrics",
				metricsColumns,
				fmt.Sprintf("'a', '2026-11-21', %d, 'r', 'word', true, NULL, 1, 1, 0, 0, 0", c.period),
			)
			w.insert("app_activity", "report_date, report_period, report, app, user_key, licensed, active",
				fmt.Sprintf("'a', '2026-11-21', %d, 'r', 'word', 4, true, true", c.period))
			w.known("r", "2026-05-01", "2026-11-21", "good", "2026-11-23")
			w.exec(fmt.Sprintf(`INSERT INTO app_activity_daily
				SELECT 'a', DATE '2026-11-21' - range::INTEGER, 'r', 'word', 4, NULL FROM range(%d,
					%d)`, c.period-c.active, c.period))
			// The day before the period does not count.
			w.exec(
				fmt.Sprintf("INSERT INTO app_activity_daily SELECT 'a', DATE '2026-11-21' - %d, 'r', 'word', 4, NULL",
					c.period),
			)
			w.rollUp("2026-05-01", "2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01")
			w.expect(
				fmt.Sprintf(
					"UNPIVOT (SELECT daily_users AS daily, weekly_users AS weekly, monthly_users AS monthly, none_users AS none "+
						"FROM activity_frequency WHERE report_period = %d AND app = 'word' AND tenant_id = 'a' AND licensed_users = "+
						"1) ON COLUMNS(*)",
					c.period,
				),
				classRows(c.class)...)
		})
	}
}

// classRows is one user in the class, as UNPIVOT has it.
func classRows(class string) []string {
	var rows []string
	for _, name := range []string{"daily", "weekly", "monthly", "none"} {
		users := 0
		if name == class {
			users = 1
		}
		rows = append(rows, fmt.Sprintf("%s|%d", name, users))
	}
	return rows
}

// An empty day is known if another report has something of it, or if it is a week old.
func TestKnownDays(t *testing.T) {
	w := twoTenants(t)
	w.insert("activity_metrics", metricsColumns,
		"'a', '2026-11-21', 7, 'r', 'word', true, NULL, 4, 2, 2, 1, 0",
		"'a', '2026-11-21', 7, 'y', 'yammer', true, NULL, 4, 2, 2, 1, 0",
		"'a', '2026-11-21', 7, 'c', 'copilot', true, NULL, 4, 2, 2, 1, 0",
		"'a', '2026-11-21', 7, 'all', 'cumulative', true, NULL, 4, 2, 2, 1, 0")
	w.known("r", "2026-11-16", "2026-11-18", "good", "2026-11-23")
	w.known("r", "2026-11-19", "2026-11-19", "empty", "2026-11-23") // not there yet, or a holiday
	w.known("r", "2026-11-15", "2026-11-15", "empty", "2026-11-23") // a Sunday of which nothing came in a week
	w.known("y", "2026-11-15", "2026-11-15", "empty", "2026-11-23")
	w.known("y", "2026-11-16", "2026-11-16", "empty", "2026-11-22") // nobody used it on a day like others
	w.known("y", "2026-11-17", "2026-11-17", "failed", "2026-11-22")
	w.known("y", "2026-11-17", "2026-11-17", "good", "2026-11-23")
	w.known("y", "2026-11-18", "2026-11-18", "concealed", "2026-11-23")
	w.known("y", "2026-11-19", "2026-11-19", "empty", "2026-11-23")
	w.expect(
		"SELECT app, list(day(report_date) ORDER BY report_date)::VARCHAR AS days FROM known_days GROUP BY app ORDER BY app",
		"cumulative|[15, 16, 17]",
		"word|[15, 16, 17, 18]",
		"yammer|[15, 16, 17]",
	)
}

func TestUsageTrend(t *testing.T) {
	w := twoTenants(t)
	// August has 31 days and begins on a Saturday: its weeks reach from July 27 to September 6.
	w.active(
		"r",
		"word",
		1,
		"2026-07-26",
		"2026-07-27",
		"2026-08-01",
		"2026-08-31",
		"2026-09-01",
		"2026-09-06",
		"2026-09-07",
	)
	w.active("r", "word", 2, "2026-08-02", "2026-08-30", "2026-09-06")
	w.insert(
		"app_activity_daily",
		"report_date, report, app, user_key, actions",
		"'a', '2026-08-31', 's', 'excel', 3, NULL",
		"'a', '2026-08-31', 's', 'excel', 1, NULL",
		"'b', '2026-08-31', 's', 'excel', 1, NULL",
	) // another tenant, of another build
	w.rollUp("2026-08-01", "2026-07-01", "2026-09-01", "2026-08-01")
	const trend = "SELECT starts_on, app, report, active_users, actions FROM activity_trend WHERE grain = '%s' ORDER " +
		"BY ALL"
	w.expect(fmt.Sprintf(trend, "month"),
		"2026-07-01|cumulative|all|1|NULL", "2026-07-01|word|r|1|2",
		"2026-08-01|cumulative|all|3|NULL", "2026-08-01|excel|s|2|NULL", "2026-08-01|word|r|2|6",
		"2026-09-01|cumulative|all|2|NULL", "2026-09-01|word|r|2|5")
	w.expect(fmt.Sprintf(trend, "week"),
		"2026-07-20|cumulative|all|1|NULL", "2026-07-20|word|r|1|1",
		"2026-07-27|cumulative|all|2|NULL", "2026-07-27|word|r|2|4", // 1 on two days, 2 on one
		"2026-08-24|cumulative|all|1|NULL", "2026-08-24|word|r|1|2",
		"2026-08-31|cumulative|all|3|NULL", "2026-08-31|excel|s|2|NULL", "2026-08-31|word|r|2|5",
		"2026-09-07|cumulative|all|1|NULL", "2026-09-07|word|r|1|1")
	w.expect(
		"SELECT starts_on, app, active_users, actions FROM activity_trend WHERE grain = 'day' AND starts_on BETWEEN "+
			"'2026-08-30' AND '2026-09-01' ORDER BY ALL",
		"2026-08-30|cumulative|1|NULL",
		"2026-08-30|word|1|2",
		"2026-08-31|cumulative|2|NULL",
		"2026-08-31|excel|2|NULL",
		"2026-08-31|word|1|1",
		"2026-09-01|cumulative|1|NULL",
		"2026-09-01|word|1|1",
	)

	// A day that comes again with less replaces what was there, and one that is gone leaves nothing.
	w.exec("DELETE FROM app_activity_daily WHERE report_date >= '2026-08-31'")
	w.rollUp("2026-08-01", "2026-09-01")
	w.expect(
		"SELECT grain, starts_on, app, active_users FROM activity_trend WHERE starts_on >= '2026-08-30' ORDER BY ALL",
		"day|2026-08-30|cumulative|1",
		"day|2026-08-30|word|1",
	)
	w.expect("SELECT app, user_key, active_days FROM activity_months WHERE month = '2026-08-01' ORDER BY ALL",
		"cumulative|1|1", "cumulative|2|536870914", "word|1|1", "word|2|536870914") // the 2nd and the 30th

	// A week of which days are missing says so.
	w.insert("activity_metrics", metricsColumns, "'a', '2026-08-30', 7, 'r', 'word', true, NULL, 4, 2, 2, 1, 0")
	w.known("r", "2026-08-01", "2026-08-02", "good", "2026-08-04")
	w.expect(
		"SELECT grain, starts_on, active_users, days_known FROM usage_trend WHERE app = 'word' AND grain <> 'day' ORDER "+
			"BY ALL",
		"month|2026-07-01|1|0",
		"month|2026-08-01|2|2",
		"week|2026-07-20|1|0",
		"week|2026-07-27|2|2",
		"week|2026-08-24|1|0",
	)
}

// Every roll-up of the schemas has its SQL.
func TestRollupsHaveTheirSQL(t *testing.T) {
	var names []string
	for _, table := range catalog.Tables() {
		if table.RollupOf == nil {
			continue
		}
		names = append(names, table.Name)
		if _, err := sqlfiles.Files.ReadFile("rollups/" + table.Name + ".sql"); err != nil {
			t.Error(err)
		}
		if len(table.RollupOf.Partition) == 0 || table.RollupOf.Partition[0] != "report_date" {
			t.Errorf("%s: the files of %s are not by day", table.Name, table.RollupOf.Name)
		}
	}
	if len(names) != 2 {
		t.Errorf("roll-ups %v", names)
	}
}
