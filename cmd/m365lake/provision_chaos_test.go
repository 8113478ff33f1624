package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/pipeline/datafolder"
	"m365lake/provision"
	"m365lake/provision/control"
)

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
