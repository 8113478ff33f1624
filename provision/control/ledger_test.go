package control

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/provision"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 123456789, time.UTC)

func entry(action int64, event provision.Event) provision.Entry {
	off, valid := false, noon.Add(time.Nanosecond)
	return provision.Entry{
		RunID: "r", PlanID: "p", ActionID: action, TenantID: "t", At: noon.In(time.FixedZone("", 3600)), Event: event,
		Kind: provision.DisableUser,
		User: provision.User{ID: "u1", UserPrincipalName: "ünal@x", DisplayName: "Ü"},
		Before: provision.Facet{Enabled: new(bool), Licenses: map[string]provision.Grant{
			"e3": {Assigned: true, DisabledPlans: []string{"p2", "p1"}}}, Groups: map[string]bool{}},
		After: provision.Facet{Enabled: &off, SessionsValidFrom: &valid}, Detail: "bad \xff text", Actor: "anna",
	}
}

func TestLedgerKeepsWhatWasAppended(t *testing.T) {
	c := newControl(t)
	var want []provision.Entry
	for i, event := range []provision.Event{provision.Intent, provision.Done} {
		e, err := c.AppendEntry(t.Context(), entry(7, event))
		if err != nil {
			t.Fatal(err)
		}
		if e.ID != int64(i+1) || len(e.Hash) != 64 || e.Detail != "bad \uFFFD text" ||
			!e.At.Equal(noon.Truncate(time.Microsecond)) {
			t.Errorf("appended %+v", e)
		}
		want = append(want, e)
	}
	if want[1].PreviousHash != want[0].Hash || want[0].PreviousHash != "" {
		t.Error("the entries are not chained")
	}
	got, err := c.Entries(t.Context(), EntryFilter{RunID: "r", PlanID: "p", ActionID: 7, TenantID: "t"})
	if err != nil {
		t.Fatal(err)
	}
	want[0].Before.Groups, want[1].Before.Groups = nil, nil // an empty map says nothing
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got, err := c.Entries(t.Context(), EntryFilter{ID: 2}); err != nil || len(got) != 1 ||
		got[0].Event != provision.Done {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := c.Entries(t.Context(), EntryFilter{ActionID: 8}); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	if err := c.VerifyLedger(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := c.AppendEntry(t.Context(), entry(7, "finished")); err == nil {
		t.Error("an unknown event was taken")
	}
}

func TestAppendIsConcurrent(t *testing.T) {
	c := newControl(t)
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := range 10 {
				if _, err := c.AppendEntry(t.Context(), entry(int64(100*worker+i), provision.Intent)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	entries, err := c.Entries(t.Context(), EntryFilter{})
	if err != nil || len(entries) != 40 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	if err := c.VerifyLedger(t.Context()); err != nil {
		t.Error(err)
	}
}

// VerifyLedger finds every edit of the ledger by hand. AppendEntry finds those of its length and its last hash, too.
func TestTamperedLedger(t *testing.T) {
	for _, c := range []struct {
		name, statement string
		want            string
		stopsAppend     bool
	}{
		{"edited", "UPDATE provisioning_ledger SET detail = 'nothing' WHERE entry_id = 2", "entry 2 does not fit its hash",
			false},
		{"edited facet", `UPDATE provisioning_ledger SET before = '{"enabled": true}' WHERE entry_id = 2`,
			"entry 2 does not fit its hash", false},
		{"facet with more", `UPDATE provisioning_ledger SET after = '{"enabled": false, "x": 1}' WHERE entry_id = 2`,
			"entry 2: before or after", false},
		{"edited time", "UPDATE provisioning_ledger SET recorded_at = recorded_at + INTERVAL 1 SECOND WHERE entry_id = 1",
			"entry 1 does not fit its hash", false},
		{"hash edited", "UPDATE provisioning_ledger SET hash = 'x' WHERE entry_id = 3", "entry 3 does not fit its hash",
			true},
		{"first removed", "DELETE FROM provisioning_ledger WHERE entry_id = 1", "entry 1 is missing", true},
		{"removed in the middle", "DELETE FROM provisioning_ledger WHERE entry_id = 2", "entry 2 is missing", true},
		{"end cut off", "DELETE FROM provisioning_ledger WHERE entry_id = 3", "entry 3, its last, is missing", true},
		{"all removed", "DELETE FROM provisioning_ledger", "entry 3, its last, is missing", true},
		{"head moved", "UPDATE provisioning_ledger_head SET entry_id = 2", "entry 3 was not written by m365lake", true},
		{"head removed", "DELETE FROM provisioning_ledger_head", "provisioning_ledger_head has 0 rows", true},
		{
			"copied row",
			"INSERT INTO provisioning_ledger SELECT * REPLACE (4 AS entry_id) FROM provisioning_ledger WHERE entry_id = 3",
			"entry 4 does not fit its hash", true},
		{
			"numbers exchanged",
			"UPDATE provisioning_ledger SET entry_id = CASE entry_id WHEN 2 THEN 30 ELSE 20 END WHERE entry_id > 1",
			"entry 20 does not fit its hash", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			control := newControl(t)
			for i := range 3 {
				if _, err := control.AppendEntry(t.Context(), entry(int64(i), provision.Intent)); err != nil {
					t.Fatal(err)
				}
			}
			control.exec(t, c.statement)
			err := control.VerifyLedger(t.Context())
			wantError(t, err, "provisioning_ledger of", c.want, "backup")
			if !errors.As(err, new(*LedgerError)) {
				t.Errorf("%T", err)
			}
			_, err = control.AppendEntry(t.Context(), entry(9, provision.Intent))
			if (err != nil) != c.stopsAppend {
				t.Errorf("the next entry: %v", err)
			}
		})
	}
}

// A forger who knows the algorithm can still not insert in the middle without touching the rest.
func TestForgedEntryWithRightHash(t *testing.T) {
	c := newControl(t)
	for i := range 3 {
		if _, err := c.AppendEntry(t.Context(), entry(int64(i), provision.Intent)); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := c.Entries(t.Context(), EntryFilter{ID: 2})
	if err != nil {
		t.Fatal(err)
	}
	forged := entries[0]
	forged.Event = provision.Done
	c.exec(t, "UPDATE provisioning_ledger SET event = 'done', hash = ? WHERE entry_id = 2", forged.ComputeHash())
	wantError(t, c.VerifyLedger(t.Context()), "entry 3 does not follow entry 2")
	// The last entry can be forged only together with the head.
	c = newControl(t)
	e, err := c.AppendEntry(t.Context(), entry(1, provision.Intent))
	if err != nil {
		t.Fatal(err)
	}
	e.Detail = "forged"
	c.exec(t, "UPDATE provisioning_ledger SET detail = 'forged', hash = ?", e.ComputeHash())
	wantError(t, c.VerifyLedger(t.Context()), "entry 1 was changed")
}

func BenchmarkAppend(b *testing.B) {
	c, err := Create(b.Context(), b.TempDir()+"/control.duckdb")
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for b.Loop() {
		if _, err := c.AppendEntry(b.Context(), entry(1, provision.Intent)); err != nil {
			b.Fatal(fmt.Errorf("append: %w", err))
		}
	}
}
