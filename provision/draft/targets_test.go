package draft

import (
	"strings"
	"testing"

	"m365lake/provision"
)

// Where there are several tenants an action says which.
func TestTargetsOf(t *testing.T) {
	one, two := Target{"contoso", "a"}, Target{"fabrikam", "b"}
	action := func(tenant string) []provision.Action { return []provision.Action{{ID: 4, Tenant: tenant}} }
	for _, c := range []struct {
		all     []Target
		only    string
		actions []provision.Action
		want    string // names, or a part of the error
	}{
		{[]Target{one}, "", action(""), "contoso"},
		{[]Target{one, two}, "", action("B"), "fabrikam"},
		{[]Target{one, two}, "", append(action("a"), action("fabrikam")...), "contoso fabrikam"},
		{[]Target{one, two}, "contoso", append(action("a"), action("fabrikam")...), "contoso"},
		{[]Target{one, two}, "", nil, ""},
		{[]Target{one, two}, "", action(""), "action 4 names no tenant, and there are several: contoso, fabrikam"},
		{[]Target{one}, "", action("contosso"),
			`action 4 is for the tenant "contosso", which the configuration does not have; did you mean "contoso"?`},
		{[]Target{one}, "x", nil, `--tenant "x"`},
	} {
		targets, err := TargetsOf(c.all, c.only, c.actions)
		var names []string
		for _, t := range targets {
			names = append(names, t.Name)
		}
		if err != nil && !strings.Contains(err.Error(), c.want) || err == nil && strings.Join(names, " ") != c.want {
			t.Errorf("%v %v, want %s", names, err, c.want)
		}
	}
}
