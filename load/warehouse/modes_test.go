package warehouse

import (
	"os"
	"path/filepath"
	"testing"

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
