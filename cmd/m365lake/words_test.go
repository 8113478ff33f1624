package main

import (
	"slices"
	"strings"
	"testing"
)

// SQL that begins with a comment is no flag, wherever it stands, and nothing else moves.
func TestCommentsAreNoFlags(t *testing.T) {
	const sql = "-- how many?\nSELECT 1"
	for _, c := range []struct{ args, want []string }{
		{[]string{"query", sql}, []string{"query", "--", sql}},
		{[]string{"query", sql, "--data", "d"}, []string{"query", "--data", "d", "--", sql}},
		{[]string{"query", "--", sql}, []string{"query", "--", sql}},
		{[]string{"query", "--data=my data", "FROM users"}, []string{"query", "--data=my data", "FROM users"}},
		{[]string{"sync", "--json"}, []string{"sync", "--json"}},
		{nil, nil},
	} {
		if got := commentsAreNoFlags(slices.Clone(c.args)); !slices.Equal(got, c.want) {
			t.Errorf("%s became %s", strings.Join(c.args, "|"), strings.Join(got, "|"))
		}
	}
}
