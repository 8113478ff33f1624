package main

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/pipeline/datafolder"
	"m365lake/provision"
	"m365lake/provision/control"
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

// chaos is a tenant with faults, and a control database for it.
type chaos struct {
	*servedSandbox
	data   string
	random *rand.Rand
}

func newChaos(t *testing.T, seed uint64, users int, faults ...string) *chaos {
	t.Helper()
	s := serveSandbox(t, sandboxOptions{users: users, seed: seed, day: time.Now().UTC().Format(time.DateOnly),
		faults: faults})
	secret := filepath.Join(t.TempDir(), "writer")
	write(t, secret, s.tenant.WriterSecret())
	text, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, s.config, strings.Replace(string(text), "reports:\n",
		fmt.Sprintf("    provisioning: {client_id: %s, client_secret: {file: %s}}\nreports:\n", s.tenant.WriterID(), secret),
		1))
	c := &chaos{s, filepath.Join(t.TempDir(), "data"), rand.New(rand.NewPCG(seed, 4))}
	c.run(t, exitGood, "init")
	c.control(t, func(db *control.Database) {
		for name, value := range map[string]string{
			"max_actions": "100000", "max_share_percent": "100", "approvals": "none", "unknown_error_limit": "100",
			"write_concurrency": "4",
		} {
			if err := db.SetSetting(t.Context(), name, value); err != nil {
				t.Fatal(err)
			}
		}
	})
	return c
}

func (c *chaos) flags(args ...string) []string {
	return append([]string{"provision"}, append(args, "--config", c.config, "--data", c.data, "--as", "anna")...)
}

func (c *chaos) run(t *testing.T, want int, args ...string) string {
	t.Helper()
	return command(t, want, c.flags(args...)...)
}

func (c *chaos) control(t *testing.T, do func(*control.Database)) {
	t.Helper()
	db, err := control.Open(t.Context(), datafolder.Folder{Root: c.data}.Control(), 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}()
	do(db)
}

// plan makes a plan, however often Graph has to be asked. It returns false when there is nothing to do.
func (c *chaos) plan(t *testing.T, args ...string) bool {
	t.Helper()
	for range 5 {
		var out, errs bytes.Buffer
		switch code := run(t.Context(), c.flags(args...), strings.NewReader(""), &out, &errs, soon); code {
		case exitGood, exitGaps:
			return !strings.Contains(out.String(), "\n0 to change") && out.Len() > 0
		case exitNothing:
			t.Logf("%s: %s", args, &errs)
			args = []string{"plan"} // what undo asks for is asked for by now
		default:
			t.Fatalf("%s: exit code %d\n%s", args, code, &errs)
		}
	}
	t.Fatal("Graph does not let us plan")
	return false
}

// apply applies the newest plan in processes of its own, which are killed as often as said.
func (c *chaos) apply(t *testing.T, kills int) (killed int) {
	t.Helper()
	plan := c.newestPlan(t)
	for runs := 0; ; runs++ {
		var out bytes.Buffer
		cmd := exec.Command("m365lake", c.flags("apply", plan)...)
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if killed < kills {
			// Some die at once, most while they work.
			time.Sleep(time.Duration(c.random.ExpFloat64() * float64(700*time.Millisecond)))
			if cmd.Process.Kill() == nil {
				killed++
			}
		}
		_ = cmd.Wait()
		if cmd.ProcessState.Exited() { // not killed
			if code := cmd.ProcessState.ExitCode(); code != exitGood && code != exitGaps && code != exitNothing {
				t.Fatalf("apply: exit code %d\n%s", code, &out)
			} else if code == exitNothing {
				continue // Graph did not answer; the next run goes on
			}
			if !strings.Contains(out.String(), "stopped after") && !strings.Contains(out.String(), "not known:") {
				return killed
			}
		}
		if runs > 200 {
			t.Fatal("applying does not come to an end\n" + out.String())
		}
	}
}

func (c *chaos) newestPlan(t *testing.T) (id string) {
	t.Helper()
	c.control(t, func(db *control.Database) {
		plan, err := db.Plan(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		id = plan.ID
	})
	return id
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

func (c *chaos) ask(t *testing.T, wishes []provision.Action) {
	t.Helper()
	c.control(t, func(db *control.Database) {
		for i := range wishes {
			wishes[i].RequestedBy, wishes[i].RequestedAt = "anna", time.Now()
		}
		if _, err := db.AddActions(t.Context(), wishes); err != nil {
			t.Fatal(err)
		}
	})
}

// counts are the actions by status.
func (c *chaos) counts(t *testing.T) map[provision.Status]int {
	t.Helper()
	counts := map[provision.Status]int{}
	c.control(t, func(db *control.Database) {
		actions, err := db.Actions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range actions {
			counts[a.Status]++
		}
	})
	return counts
}

// holds compares the tenant with what the actions that are said to be done lead to, the ledger with
// the actions, and the calls that changed something with the ledger.
func (c *chaos) holds(t *testing.T, before map[string]*modelUser) {
	t.Helper()
	after := readModel(t, c.server.State())
	effects := map[string]int{} // by user id
	c.control(t, func(db *control.Database) {
		if err := db.VerifyLedger(t.Context()); err != nil {
			t.Fatal(err)
		}
		entries, err := db.Entries(t.Context(), control.EntryFilter{})
		if err != nil {
			t.Fatal(err)
		}
		actions, err := db.Actions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		effective, open := map[int64]int{}, map[int64]bool{}
		made := map[int64]string{}
		for _, e := range entries {
			switch {
			case e.Event == provision.Intent && open[e.ActionID]:
				t.Errorf("entry %d: a second intent of action %d without an outcome of the first", e.ID, e.ActionID)
			case e.Event == provision.Intent:
				open[e.ActionID] = true
				continue
			case !open[e.ActionID]:
				t.Errorf("entry %d: an outcome of action %d without an intent", e.ID, e.ActionID)
			}
			open[e.ActionID] = false
			if e.Event == provision.Done || e.Event == provision.Settled {
				effective[e.ActionID]++
				effects[e.User.ID]++
				made[e.ActionID] = e.User.ID
			}
		}
		for action, is := range open {
			if is {
				t.Errorf("the intent of action %d has no outcome", action)
			}
		}
		for _, a := range actions {
			want := 0
			if a.Status == provision.Applied {
				want = 1
			}
			if effective[a.ID] != want {
				t.Errorf("action %d (%s) is %s and stands %d times in the ledger as done", a.ID, a.Kind, a.Status, effective[a.ID])
			}
			if a.Status != provision.Applied {
				continue
			}
			if a.Kind == provision.CreateUser {
				// by its rule
				before[made[a.ID]] = &modelUser{Name: a.User, Enabled: true, Location: a.UsageLocation,
					Direct: map[string][]string{}, Groups: []string{"All Employees"}}
				continue
			}
			before[made[a.ID]].do(a)
		}
	})
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("what was intended (-) and the tenant (+) differ:\n%s", diff)
	}
	changes := map[string]int{}
	for _, change := range c.server.Changes() {
		if change.Changed {
			changes[change.UserID]++
		}
	}
	if diff := cmp.Diff(effects, changes); diff != "" {
		t.Errorf("what the ledger says was done (-) and the calls that changed something (+) differ by user:\n%s", diff)
	}
	if dangers := c.server.Dangers(); len(dangers) > 0 {
		t.Errorf("calls that would have deleted users: %v", dangers)
	}
}

func TestProvisioningSurvivesFaults(t *testing.T) {
	t.Parallel()
	provisioningSurvives(t, ordeal{users: 80, wishes: 165, kills: 2, leastKilled: 1, leastTried: 100, leastApplied: 75})
}

func TestProvisioningIsUndone(t *testing.T) {
	t.Parallel()
	provisioningIsUndone(t, ordeal{users: 50, wishes: 80, kills: 1})
}

// An ordeal is how much a provisioning goes through, and how much of it must have come about.
type ordeal struct {
	users, wishes, kills                  int
	leastKilled, leastTried, leastApplied int
}

// With every fault on, killed again and again, the actions end as they should: each done once, or not
// at all and said so.
func provisioningSurvives(t *testing.T, o ordeal) {
	c := newChaos(t, 11, o.users, "write_faults")
	before := readModel(t, c.server.State())
	c.ask(t, c.wishes(t, o.wishes))
	c.plan(t, "plan")
	killed := c.apply(t, o.kills)
	counts := c.counts(t)
	t.Logf("%d kills; %v", killed, counts)
	// What the plan refused, such as accounts that are synchronized, was not tried.
	tried := counts[provision.Applied] + counts[provision.Failed] + counts[provision.AlreadyDone]
	if killed < o.leastKilled || tried < o.leastTried || counts[provision.Applied] < o.leastApplied ||
		counts[provision.Planned] != 0 {
		t.Errorf("%d kills; actions: %v", killed, counts)
	}
	c.holds(t, before)
	// Once more changes nothing.
	changes := len(c.server.Changes())
	c.run(t, exitGood, "apply", c.lastPlan(t))
	if again := len(c.server.Changes()); again != changes {
		t.Errorf("applying once more made %d calls that Graph accepted", again-changes)
	}
}

// A whole run, killed and full of faults, is undone by another one of the kind: the tenant is as it
// was, bit for bit, but for the accounts that Microsoft keeps among the deleted ones.
func provisioningIsUndone(t *testing.T, o ordeal) {
	c := newChaos(t, 12, o.users, "write_conflict", "write_throttled", "write_failed", "write_lost", "replication_lag",
		"batch_throttled", "batch_failed")
	before := c.server.State()
	c.ask(t, c.wishes(t, o.wishes))
	c.plan(t, "plan")
	c.apply(t, o.kills)
	if bytes.Equal(before, c.server.State()) {
		t.Fatal("nothing was changed")
	}
	killed, done := 0, c.lastRun(t)
	for range 3 { // what Graph was too busy for is taken back the next time
		if !c.plan(t, "undo", done) {
			break
		}
		killed += c.apply(t, o.kills-killed)
	}
	counts := c.counts(t)
	t.Logf("%d kills; %v", killed, counts)
	var books []string
	for line := range strings.SplitSeq(string(c.server.State()), "\n") {
		if !strings.HasPrefix(line, "deleted ") || !strings.Contains(line, "new.person") {
			books = append(books, line)
		}
	}
	if diff := cmp.Diff(strings.Split(string(before), "\n"), books); diff != "" {
		t.Errorf("before (-) and after the undo (+) differ:\n%s", diff)
		c.control(t, func(db *control.Database) {
			actions, err := db.Actions(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range actions {
				if a.UndoOf != 0 && a.Status != provision.Applied {
					t.Logf("undo of %d: %s of %s is %s: %s", a.UndoOf, a.Kind, a.User, a.Status, a.Outcome)
				}
			}
		})
	}
}

func (c *chaos) lastPlan(t *testing.T) (id string) {
	t.Helper()
	c.control(t, func(db *control.Database) {
		plans, err := db.Plans(t.Context())
		if err != nil || len(plans) == 0 {
			t.Fatal(err)
		}
		id = plans[0].ID
	})
	return id
}

func (c *chaos) lastRun(t *testing.T) (id string) {
	t.Helper()
	c.control(t, func(db *control.Database) {
		entries, err := db.Entries(t.Context(), control.EntryFilter{})
		if err != nil || len(entries) == 0 {
			t.Fatal(err)
		}
		id = entries[len(entries)-1].RunID
	})
	return id
}
