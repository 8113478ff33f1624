package warehouse

import (
	"os"
	"path/filepath"
	"testing"

	"m365lake/internal/disk"
	"m365lake/load/lake/laketest"
)

func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.run()
	if err := os.Chmod(filepath.Dir(h.Path), 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Dir(h.Path), 0o700)
	h.fails("no permission", filepath.Dir(h.Path))
}

func TestLeftovers(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.run()
	for _, name := range []string{h.Path + ".next", h.Path + ".next.wal", filepath.Join(h.Exports, ".next", "x.parquet"),
		filepath.Join(h.Path+".next.tmp", "spilled")} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("of a killed build"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h.writeUsers(laketest.TenantA, "Ann", "Bob")
	h.run()
	h.expect("SELECT count(*) FROM users", []any{int64(2)})

	log := h.Path + ".wal"
	if err := os.WriteFile(log, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h.fails(log+" exists", "close it", "delete "+log)
	if _, err := os.Stat(log); err != nil {
		t.Error("somebody else's log was removed")
	}
}

func TestModes(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.writeFacts(laketest.TenantA, "2026-05-01", "x", 1)
	h.run()
	if err := os.Chmod(h.Path, 0o644); err != nil {
		t.Fatal(err)
	}
	h.run()
	files := 0
	err := filepath.WalkDir(filepath.Dir(h.Path), func(path string, e os.DirEntry, err error) error {
		if err != nil || path == filepath.Dir(h.Path) {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		want := os.FileMode(disk.FileMode)
		if e.IsDir() {
			want = disk.FolderMode
		} else {
			files++
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil || files != 5 { // two lake files, the warehouse, two exports
		t.Errorf("%d files, %v", files, err)
	}
}
