package datafolder

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRawDaysAndTenants(t *testing.T) {
	const tenant = "12345678-1234-4234-8234-123456789012"
	f := Folder{Root: t.TempDir()}
	if days, err := f.RawDays(tenant); days != nil || err != nil {
		t.Errorf("without raw files: %v, %v", days, err)
	}
	if tenants, err := f.RawTenants(); tenants != nil || err != nil {
		t.Errorf("without raw files: %v, %v", tenants, err)
	}
	if err := os.WriteFile(filepath.Join(f.Root, "raw"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if days, err := f.RawDays("contoso"); days != nil || err != nil {
		t.Errorf("with a file in place of the raw files: %v, %v", days, err)
	}
	if err := os.Remove(filepath.Join(f.Root, "raw")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"2026-11-20", "2026-11-03", "not-a-day", "2026-1-1"} {
		if err := os.MkdirAll(filepath.Join(f.RawTenant(tenant), name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, folder := range []string{"lost+found", "@eaDir"} {
		if err := os.Mkdir(filepath.Join(f.rawFiles(), folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{
		filepath.Join(f.rawFiles(), ".DS_Store"), filepath.Join(f.RawTenant(tenant), ".DS_Store"),
		filepath.Join(f.RawTenant(tenant), "2026-11-21"),
	} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	days, err := f.RawDays(tenant)
	if err != nil {
		t.Fatal(err)
	}
	want := []time.Time{time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)}
	if diff := cmp.Diff(want, days); diff != "" {
		t.Error(diff)
	}
	if tenants, err := f.RawTenants(); err != nil || !cmp.Equal(tenants, []string{tenant}) {
		t.Errorf("tenants %v, %v", tenants, err)
	}
}

func TestLock(t *testing.T) {
	f := Folder{Root: filepath.Join(t.TempDir(), "data")}
	if _, held, err := f.LockHolder(); held || err != nil || Exists(f.Root) {
		t.Errorf("looking at the lock of no folder: held %t, %v", held, err)
	}
	unlock, err := f.Lock()
	if err != nil {
		t.Fatal(err)
	}
	process, held, err := f.LockHolder()
	if err != nil || !held || process == "" {
		t.Errorf("while it is locked: %q, held %t, %v", process, held, err)
	}
	if _, err := f.Lock(); err == nil {
		t.Error("two runs work at the same time")
	}
	unlock()
	again, err := f.Lock()
	if err != nil {
		t.Fatal(err)
	}
	again()
	if _, held, err := f.LockHolder(); held || err != nil {
		t.Errorf("after unlocking: held %t, %v", held, err)
	}
}
