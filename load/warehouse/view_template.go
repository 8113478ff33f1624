package warehouse

import (
	"strings"
	"text/template"

	"m365lake/internal/quote"
	"m365lake/schemas/reports"
)

// viewFunctions are what the templates among views/*.sql may call. They say what the schemas say, so
// that a view never lists reports or apps by hand.
var viewFunctions = template.FuncMap{
	"literal":        quote.Literal,
	"table":          quote.Identifier,
	"apps":           reports.Apps,
	"reportsOfUsers": reportsOfUsers,
	"place":          func(index int) int { return index + 1 },
}

// reportsOfUsers are the usage reports whose rows name a user by sign-in name.
func reportsOfUsers() []*reports.Report {
	var named []*reports.Report
	for _, r := range reports.All() {
		if r.Subject == reports.User {
			named = append(named, r)
		}
	}
	return named
}

// renderView is the SQL of a file of views, most of which have nothing to fill in.
func renderView(f sqlFile) (string, error) {
	t, err := template.New(f.path).Funcs(viewFunctions).Parse(f.text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, nil)
	return b.String(), err
}
