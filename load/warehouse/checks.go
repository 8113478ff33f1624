package warehouse

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"m365lake/internal/text"
)

// check runs all checks: those that follow from the schemas, where something changed, and those of
// checks/*.sql. It reports all failures, not only the first.
func (s *session) check(ctx context.Context) error {
	if err := s.checkSchemas(ctx); err != nil {
		return err
	}
	files, err := sqlFiles(s.SQL, "checks")
	if err != nil {
		return err
	}
	for _, f := range files {
		first, _, _ := strings.Cut(f.text, "\n")
		name := strings.TrimSuffix(path.Base(f.path), ".sql")
		if err := s.expectNone(ctx, name, strings.TrimSpace(strings.TrimLeft(first, "- ")), f.text); err != nil {
			return err
		}
	}
	if len(s.failures) > 0 {
		return &CheckError{s.failures}
	}
	return nil
}

// expectNone records a failure if the query has rows.
func (s *session) expectNone(ctx context.Context, name, assertion, query string) error {
	rows, example, err := s.offending(ctx, query)
	if err != nil {
		return fmt.Errorf("check %s: %w", name, text.OneLineError(err))
	}
	if rows == 0 {
		return nil
	}
	for i, f := range s.failures {
		if f.Check == name { // of another region
			s.failures[i].Rows += rows
			return nil
		}
	}
	s.failures = append(s.failures, CheckFailure{
		Check:  name,
		Detail: strings.TrimSuffix(assertion, ".") + "; for example " + example,
		Rows:   rows,
	})
	return nil
}

// offending counts the rows of a check's query and shows the first.
func (s *session) offending(ctx context.Context, query string) (count int64, example string, err error) {
	rows, err := s.conn.QueryContext(ctx, query)
	if err != nil {
		return 0, "", err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, "", err
	}
	for ; rows.Next(); count++ {
		if count > 0 {
			continue
		}
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return 0, "", err
		}
		shown := make([]string, len(columns))
		for i, v := range values {
			shown[i] = columns[i] + " = " + shownValue(v)
		}
		example = strings.Join(shown, ", ")
	}
	return count, example, rows.Err()
}

func shownValue(value any) string {
	switch value := value.(type) {
	case nil:
		return "NULL"
	case time.Time:
		return strings.TrimSuffix(value.UTC().Format(time.RFC3339), "T00:00:00Z")
	}
	return fmt.Sprint(value)
}

// CheckError says that the data is not fit to be published. The published warehouse is untouched.
type CheckError struct{ Failures []CheckFailure }

// CheckFailure is one check that found offending rows.
type CheckFailure struct {
	Check  string
	Detail string // what the check asserts, and an example of what violates it
	Rows   int64  // how many offending rows there are
}

func (e *CheckError) Error() string {
	failures := make([]string, len(e.Failures))
	for i, f := range e.Failures {
		failures[i] = fmt.Sprintf("check %s: %d offending rows: %s", f.Check, f.Rows, f.Detail)
	}
	return "the warehouse was not replaced, because its new content fails its checks: " + strings.Join(failures, "; ")
}
