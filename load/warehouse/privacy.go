package warehouse

import (
	"text/template"

	sqlfiles "m365lake/sql"

	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"m365lake/internal/quote"
	"m365lake/schemas"
)

// Privacy says how views are exported without identifying people: with pseudonyms in place of names, without
// the columns that describe people, and without the numbers of small departments.
type Privacy struct {
	Key          []byte // of the pseudonyms; a person who has it can find out whose a pseudonym is
	MinGroupSize int    // licensed users a department must have for its numbers to be shown
}

// pseudonymFunction is what Pseudonym is called in SQL.
const pseudonymFunction = "m365lake_pseudonym"

// Pseudonym stands for a value, whatever its case: always the same one for the same key, and nothing
// that tells the value without the key. 96 bits of HMAC-SHA-256, so that two never meet.
func (p *Privacy) Pseudonym(value string) string {
	mac := hmac.New(sha256.New, p.Key)
	mac.Write([]byte(strings.ToLower(value)))
	return "p_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:12]))
}

// ViewQuery is the SQL of a view's export from an open warehouse: all of it, or what p lets be seen.
func ViewQuery(ctx context.Context, db *sql.DB, view string, p *Privacy) (string, error) {
	if p == nil {
		return "FROM " + quote.Identifier(view), nil
	}
	columns, err := viewColumns(ctx, db, view)
	if err != nil {
		return "", err
	}
	if err := p.register(ctx, db); err != nil {
		return "", err
	}
	return p.query(view, columns), nil
}

type viewColumn struct{ name, typ string }

func viewColumns(ctx context.Context, db *sql.DB, view string) (columns []viewColumn, err error) {
	rows, err := db.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE "+quote.Identifier(view)+")")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c viewColumn
		if err := rows.Scan(&c.name, &c.typ); err != nil {
			return nil, err
		}
		columns = append(columns, c)
	}
	return columns, rows.Err()
}

// register teaches DuckDB the function. It is Go's, so that the key stands in no SQL.
func (p *Privacy) register(ctx context.Context, db *sql.DB) error {
	var known bool
	err := db.QueryRowContext(ctx, sqlfiles.Text("warehouse/knows_function.sql"), pseudonymFunction).Scan(&known)
	if err != nil || known {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(duckdb.RegisterScalarUDF(conn, pseudonymFunction, &pseudonymUDF{p}), conn.Close())
}

type pseudonymUDF struct{ privacy *Privacy }

func (f *pseudonymUDF) Config() duckdb.ScalarFuncConfig {
	text, err := duckdb.NewTypeInfo(duckdb.TYPE_VARCHAR)
	if err != nil {
		panic(err) // DuckDB has text
	}
	return duckdb.ScalarFuncConfig{InputTypeInfos: []duckdb.TypeInfo{text}, ResultTypeInfo: text}
}

func (f *pseudonymUDF) Executor() duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{RowExecutor: func(values []driver.Value) (any, error) {
		return f.privacy.Pseudonym(values[0].(string)), nil
	}}
}

func (p *Privacy) query(view string, columns []viewColumn) string {
	byDepartment := slices.ContainsFunc(columns, func(c viewColumn) bool { return c.name == departmentColumn })
	for _, c := range columns {
		if d := schemas.DisclosureOf(c.name); d.PointsAtOne() || d == schemas.Names {
			return "SELECT " + people(columns) + " FROM " + quote.Identifier(view)
		}
	}
	if byDepartment {
		return p.groups(view, columns)
	}
	return "SELECT " + people(columns) + " FROM " + quote.Identifier(view)
}

// people selects the columns of a view without telling who is who. Unlike names, departments are not
// replaced but left out, because a row each would let small ones be counted.
func people(columns []viewColumn) string {
	selected := make([]string, len(columns))
	for i, c := range columns {
		name := quote.Identifier(c.name)
		shown := name
		text := strings.HasPrefix(c.typ, "VARCHAR")
		switch d := schemas.DisclosureOf(c.name); {
		case c.name == "user_key" || c.name == "manager_user_key":
			shown = fmt.Sprintf("%s('user_key ' || tenant_id || ' ' || %s)", pseudonymFunction, name)
		case d.PointsAtOne() || d == schemas.Names:
			shown = fmt.Sprintf("%s(%s::VARCHAR)", pseudonymFunction, name)
		case d == schemas.Plain:
		case text || d == schemas.Describes || d == schemas.Quotes || !harmless(c.typ):
			shown = fmt.Sprintf("CAST(NULL AS %s)", c.typ)
		case strings.HasPrefix(c.typ, "TIMESTAMP"): // to the microsecond it is as good as a name
			shown = "date_trunc('day', " + name + ")"
		}
		selected[i] = shown + " AS " + name
	}
	return strings.Join(selected, ", ")
}

// harmless says whether values of a type tell nothing by themselves: whatever holds text is judged
// by its name.
func harmless(typ string) bool {
	return isNumber(typ) || typ == "BOOLEAN" || typ == "DATE" || strings.HasPrefix(typ, "TIMESTAMP")
}

// numbers are DuckDB's types of numbers.
var numbers = []string{
	"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
	"FLOAT", "DOUBLE", "DECIMAL",
}

func isNumber(typ string) bool {
	base, _, _ := strings.Cut(typ, "(")
	return slices.Contains(numbers, base)
}

const (
	departmentColumn = "department"
	sizeColumn       = "licensed_users"
)

// groups selects the numbers of departments, those of small ones as NULL. A reader who knows the
// numbers of the whole organization could subtract the departments that are shown. So at least two departments
// are withheld, and those withheld are not small together: the smallest ones, until that holds.
func (p *Privacy) groups(view string, columns []viewColumn) string {
	has := func(name string) bool {
		return slices.ContainsFunc(columns, func(c viewColumn) bool { return c.name == name })
	}
	if !has(sizeColumn) { // nobody can tell how large the groups are
		return "SELECT " + people(columns) + " FROM " + quote.Identifier(view)
	}
	var partition, selected []string
	for _, name := range []string{"tenant_id", "app", "report_period"} {
		if has(name) {
			partition = append(partition, name)
		}
	}
	everybody := "false"
	if has("all_departments") {
		everybody = "all_departments"
	}
	for _, c := range columns {
		name := quote.Identifier(c.name)
		shown := name
		switch {
		case c.name == departmentColumn || slices.Contains([]string{"report_period", "days_known"}, c.name):
		case isNumber(c.typ):
			shown = "CASE WHEN NOT withheld THEN " + name + " END"
		case strings.HasPrefix(c.typ, "VARCHAR") && schemas.DisclosureOf(c.name) != schemas.Plain:
			shown = fmt.Sprintf("CAST(NULL AS %s)", c.typ)
		}
		selected = append(selected, shown+" AS "+name)
	}
	partition = append(partition, everybody)
	var b strings.Builder
	err := privateGroups.Execute(&b, map[string]any{
		"View": quote.Identifier(view), "Everybody": everybody, "Partition": strings.Join(partition, ", "),
		"MinGroupSize": p.MinGroupSize, "Columns": strings.Join(selected, ", "),
	})
	if err != nil {
		panic(err) // a mistake in the template, which a test fills in
	}
	return b.String()
}

// privateGroups withholds small departments.
var privateGroups = template.Must(
	template.New("private_groups.sql").Parse(sqlfiles.Text("warehouse/private_groups.sql")),
)
