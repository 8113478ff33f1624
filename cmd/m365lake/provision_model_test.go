package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"m365lake/provision"
)

// modelUser is what the sandbox's books say of a user, as far as actions can change it directly.
type modelUser struct {
	Deleted  bool
	Name     string
	Enabled  bool
	Location string
	Direct   map[string][]string // switched-off plans by part number
	Groups   []string
}

var (
	userLine = regexp.MustCompile(`^(user|deleted) (\S+) (\S+) enabled (true|false) in (null|"[A-Z]{2}") licenses ` +
		`\[(.*) \] groups \[(.*) \]`)
	holdingText = regexp.MustCompile(`\{(\S+) by directly, without \[([^\]]*)\], [^}]*\}`)
	groupText   = regexp.MustCompile(`\{([^}]+)\}`)
)

// readModel reads the sandbox's books.
func readModel(t *testing.T, state []byte) map[string]*modelUser {
	t.Helper()
	users := map[string]*modelUser{}
	for line := range strings.SplitSeq(string(state), "\n") {
		if !strings.HasPrefix(line, "user ") && !strings.HasPrefix(line, "deleted ") {
			continue
		}
		f := userLine.FindStringSubmatch(line)
		if f == nil {
			t.Fatalf("the sandbox's books have an unknown line: %s", line)
		}
		u := &modelUser{Deleted: f[1] == "deleted", Name: f[3], Enabled: f[4] == "true", Location: strings.Trim(f[5], `"`),
			Direct: map[string][]string{}}
		for _, h := range holdingText.FindAllStringSubmatch(f[6], -1) {
			u.Direct[h[1]] = slices.Sorted(slices.Values(strings.Fields(h[2])))
		}
		for _, g := range groupText.FindAllStringSubmatch(f[7], -1) {
			u.Groups = append(u.Groups, g[1])
		}
		slices.Sort(u.Groups)
		users[f[2]] = u
	}
	return users
}

// do applies an action that is said to be done.
func (u *modelUser) do(a provision.Action) {
	switch a.Kind {
	case provision.AssignLicense, provision.SetDisabledPlans:
		u.Direct[a.SKU] = slices.Sorted(slices.Values(a.DisabledPlans))
	case provision.RemoveLicense:
		delete(u.Direct, a.SKU)
	case provision.SwapLicense:
		delete(u.Direct, a.SKU)
		u.Direct[a.NewSKU] = slices.Sorted(slices.Values(a.DisabledPlans))
	case provision.DisableUser:
		u.Enabled = false
	case provision.EnableUser:
		u.Enabled = true
	case provision.SetUsageLocation:
		u.Location = a.UsageLocation
	case provision.AddToGroup:
		u.Groups = slices.Compact(slices.Sorted(slices.Values(append(u.Groups, a.Group))))
	case provision.RemoveFromGroup:
		u.Groups = slices.DeleteFunc(u.Groups, func(g string) bool { return g == a.Group })
	case provision.DeleteUser:
		u.Deleted = true
	case provision.RestoreUser:
		u.Deleted = false
	case provision.RevokeSessions, provision.CreateUser: // nothing that the books hold of a user who was there
	}
}

// wishes invents actions of every kind: at most one for each side of a user, so that few contradict.
func (c *chaos) wishes(t *testing.T, n int) []provision.Action {
	t.Helper()
	books := readModel(t, c.server.State())
	ids := slices.Sorted(maps.Keys(books))
	domain := ""
	for _, id := range ids {
		if u := books[id]; !u.Deleted && !strings.Contains(u.Name, "#") {
			domain = u.Name[strings.Index(u.Name, "@"):]
			break
		}
	}
	parts := []string{"SPE_E3", "SPE_F1", "SPE_E5", "STANDARDPACK", "POWER_BI_PRO", "ENTERPRISEPACK"}
	pick := func(of []string) string { return of[c.random.IntN(len(of))] }
	var wishes []provision.Action
	for i := 0; len(wishes) < n/20; i++ {
		wishes = append(wishes, provision.Action{Kind: provision.CreateUser, User: fmt.Sprintf("new.person%d%s", i, domain),
			DisplayName: fmt.Sprint("New Person ", i), UsageLocation: "DE"})
	}
	type side struct {
		id   string
		kind int
	}
	var sides []side
	for _, id := range ids {
		if books[id].Deleted {
			wishes = append(wishes, provision.Action{Kind: provision.RestoreUser, User: id})
			continue
		}
		if _, over := books[id].Direct["VISIOCLIENT"]; over {
			continue // more of it is assigned than was bought: what is taken cannot be given back
		}
		if c.random.IntN(25) == 0 {
			wishes = append(wishes, provision.Action{Kind: provision.DeleteUser, User: id})
			continue
		}
		for kind := range 5 {
			sides = append(sides, side{id, kind})
		}
	}
	c.random.Shuffle(len(sides), func(i, j int) { sides[i], sides[j] = sides[j], sides[i] })
	for _, s := range sides {
		if len(wishes) == n {
			break
		}
		u, a := books[s.id], provision.Action{User: s.id}
		held := slices.Sorted(maps.Keys(u.Direct))
		switch s.kind {
		case 0:
			switch {
			case len(held) == 0:
				a.Kind, a.SKU = provision.AssignLicense, pick(parts)
			case c.random.IntN(3) == 0:
				a.Kind, a.SKU = provision.RemoveLicense, pick(held)
			case c.random.IntN(2) == 0:
				a.Kind, a.SKU, a.NewSKU = provision.SwapLicense, pick(held), pick(parts)
				a.DisabledPlans = []string{}
			default:
				a.Kind, a.SKU, a.DisabledPlans = provision.SetDisabledPlans, pick(held), []string{}
			}
		case 1:
			a.Kind = map[bool]provision.Kind{true: provision.DisableUser, false: provision.EnableUser}[u.Enabled]
		case 2:
			a.Kind, a.Group = provision.AddToGroup,
				pick([]string{"LIC Microsoft 365 E3", "LIC Office 365 E1", "LIC Copilot wave 1 & 2"})
			byHand := slices.DeleteFunc(slices.Clone(u.Groups), func(g string) bool {
				// Rules decide about the first two. Of E5 every seat is taken: whoever comes back to the group
				// before a seat is free stays without the licence until Microsoft processes the group again.
				return g == "All Employees" || g == "LIC Microsoft 365 F3" || g == "LIC Microsoft 365 E5" || g == "VPN Users" &&
					c.random.IntN(10) > 0
			})
			if len(byHand) > 0 {
				a.Kind, a.Group = provision.RemoveFromGroup, pick(byHand)
			}
		case 3:
			if u.Location == "null" {
				continue // nobody could take a location away again
			}
			a.Kind, a.UsageLocation = provision.SetUsageLocation, pick([]string{"DE", "FR", "US"})
		case 4:
			a.Kind = provision.RevokeSessions
		}
		wishes = append(wishes, a)
	}
	return wishes
}
