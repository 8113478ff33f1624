package warehouse

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/duckdb/duckdb-go/v2"

	"m365lake/internal/disk"
	"m365lake/load/lake"
	"m365lake/load/lake/laketest"
)

func TestDamagedLakeFile(t *testing.T) {
	page := func(b []byte) []byte { // the pages come first, the footer last
		for i := range b[4:200] {
			b[4+i] ^= 0xff
		}
		return b
	}
	for name, damage := range map[string]func([]byte) []byte{
		"empty": func([]byte) []byte { return nil },
		"cut":   func(b []byte) []byte { return b[:len(b)/2] },
		"page":  page,
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.writeUsers(laketest.TenantA, slices.Repeat([]string{"Ann"}, 500)...)
			h.writeFacts(laketest.TenantA, "2026-05-01", "x", 1)
			h.run()
			h.writeFacts(laketest.TenantA, "2026-05-02", "x", 1)
			h.writeFacts(laketest.TenantA, "2026-05-03", "x", make([]int64, 500)...)
			h.writeFacts(laketest.TenantA, "2026-05-04", "x", 1)
			path := filepath.Join(
				h.Lake.Dir,
				lake.PartitionPath(laketest.Facts, []string{laketest.TenantA, "2026-05-03", "x"}),
			)
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(content), 0o600); err != nil {
				t.Fatal(err)
			}
			err = h.fails("lake file "+path+" cannot be read", "restore it from a backup", "m365lake verify",
				"move it away and run m365lake sync --accept-loss")
			if !strings.HasPrefix(err.Error(), "lake file ") {
				t.Errorf("error is %q", err)
			}
			for _, err = range h.Lake.Read(t.Context(), laketest.Facts, laketest.TenantA) {
			}
			if err == nil || !strings.HasPrefix(err.Error(), "lake file "+path+" cannot be read") {
				t.Errorf("Lake.Read ends with %v", err)
			}
		})
	}
}

func TestRowsThatCannotBe(t *testing.T) {
	h := newHouse(t)
	h.write(laketest.Users, laketest.TenantA, nil, []any{laketest.TenantA, nil, "Nobody"})
	h.fails(
		"lake file "+filepath.Join(h.Lake.Dir, lake.PartitionPath(laketest.Users, []string{laketest.TenantA})),
		"NOT NULL constraint failed",
		"user_key",
	)

	h = newHouse(t)
	if err := os.MkdirAll(filepath.Join(h.Lake.Dir, "facts", "tenant_id="+laketest.TenantA, "week=1"), 0o700); err != nil {
		t.Fatal(err)
	}
	h.fails(filepath.Join("tenant_id="+laketest.TenantA, "week=1")+" does not belong into the lake", "day=...")
}

func TestUnreadableWarehouseIsRebuilt(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"empty":   func([]byte) []byte { return nil },
		"text":    func([]byte) []byte { return []byte("no database") },
		"header":  func(b []byte) []byte { clear(b[:12_288]); return b },
		"content": func(b []byte) []byte { clear(b[12_288:]); return b },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.writeUsers(laketest.TenantA, "Ann")
			h.run()
			content, err := os.ReadFile(h.Path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(h.Path, damage(content), 0o600); err != nil {
				t.Fatal(err)
			}
			h.writeUsers(laketest.TenantA, "Ann", "Bob")
			if r := h.run(); !r.Rebuilt || r.Reason == "" {
				t.Errorf("%+v", r)
			} else {
				t.Log(r.Reason)
			}
			h.expect("SELECT count(*) FROM users", []any{int64(2)})
		})
	}
}

// A block that is needed late, or not at all, is a block of the next warehouse as well until that is made anew
// from the lake. Without views and checks, columns that nobody asks for are read when the file is written back.
func TestDamagedBlockHeals(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{"with views": testSQL, "without": {}} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.SQL = files
			people := func(tenant, name string) { h.writeUsers(tenant, slices.Repeat([]string{name}, 5000)...) }
			people(laketest.TenantA, "Ann")
			people(laketest.TenantB, "Bob")
			h.writeFacts(laketest.TenantA, "2026-05-01", "x", make([]int64, 5000)...)
			h.run()
			whole, err := os.ReadFile(h.Path)
			if err != nil {
				t.Fatal(err)
			}
			healed := 0
			for at := 12_288 + 100; at < len(whole); at += 262_144 {
				damaged := slices.Clone(whole)
				damaged[at] ^= 0xff
				if err := os.WriteFile(h.Path, damaged, 0o600); err != nil {
					t.Fatal(err)
				}
				people(laketest.TenantB, "Bob") // other files of the same rows
				h.writeFacts(laketest.TenantA, "2026-05-01", "x", make([]int64, 5000)...)
				if r := h.run(); r.Healed() {
					healed++
					if !strings.Contains(r.Reason, "could not be read") {
						t.Errorf("%+v", r)
					}
				}
				h.expect("SELECT count(*), count(DISTINCT name) FROM users", []any{int64(10_000), int64(2)})
				h.expect("SELECT count(*), sum(actions)::BIGINT FROM facts", []any{int64(5000), int64(0)})
			}
			if healed == 0 {
				t.Error("no block was needed")
			}
		})
	}
}

// What DuckDB says of a broken block when it writes the file back is mended as well; a full disk is not.
func TestHealable(t *testing.T) {
	const damage = "FATAL Error: Checkpoint failed: Corrupt database file: computed checksum 1 does not match"
	for message, want := range map[string]bool{
		damage: true,
		"FATAL Error: Checkpoint failed: Could not write: No space left on device": false,
	} {
		cause := &duckdb.Error{Type: duckdb.ErrorTypeFatal, Msg: message}
		for _, fresh := range []bool{false, true} {
			err := healable(disk.Error("write", "x.next", cause), fresh)
			var unusable *unusableError
			if got := errors.As(err, &unusable); got != (want && !fresh) {
				t.Errorf("fresh %t, %q: mended %t", fresh, message, got)
			}
		}
	}
}
