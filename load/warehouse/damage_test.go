package warehouse

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
			err = h.fails("lake file "+path+" cannot be read", "delete it and run sync again")
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
