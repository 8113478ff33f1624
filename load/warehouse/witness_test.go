package warehouse

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/internal/duck"
	"m365lake/load/lake"
	"m365lake/load/lake/laketest"
	"m365lake/schemas"
)

// lossOf wants a build that refuses because of lost files.
func (h house) lossOf(texts ...string) *LossError {
	h.Helper()
	var loss *LossError
	if err := h.fails(texts...); !errors.As(err, &loss) {
		h.Fatal(err)
	}
	if _, err := h.Rebuild(h.Context()); !errors.As(err, &loss) {
		h.Errorf("a rebuild ends with %v", err)
	}
	return loss
}

func (h house) losePath(path string) {
	h.Helper()
	if err := os.RemoveAll(filepath.Join(h.Lake.Dir, path)); err != nil {
		h.Fatal(err)
	}
}

// fiveDays is a house of users of two tenants and five days of facts.
func fiveDays(t *testing.T) house {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.writeUsers(laketest.TenantB, "Bob")
	for _, day := range []string{"2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04", "2026-05-05"} {
		h.writeFacts(laketest.TenantA, day, "x", 1)
	}
	h.run()
	return h
}

// A lake that lost files is not published: the warehouse knows what was there.
func TestLostFilesAreMissed(t *testing.T) {
	h := fiveDays(t)
	one := lake.PartitionPath(laketest.Facts, []string{laketest.TenantA, "2026-05-03", "x"})
	h.losePath(one)
	loss := h.lossOf("lacks 1 file that the published warehouse has", one, "from a backup", "--accept-loss")
	if diff := cmp.Diff([]string{one}, loss.Files); diff != "" {
		t.Error(diff)
	}
	h.losePath("facts")
	h.writeFacts(laketest.TenantA, "2026-05-06", "x", 1) // there are others
	if loss := h.lossOf("lacks 5 files", " and 2 more; "); len(loss.Files) != 5 {
		t.Errorf("%q", loss.Files)
	}

	// Also when the shape of the tables changed, so that the warehouse is made anew.
	described := *laketest.Users
	described.Columns = append(described.Columns[:len(described.Columns):len(described.Columns)],
		schemas.Column{Name: "city", Type: schemas.Text})
	h.tables[0] = &described
	h.lossOf("lacks 5 files")

	// Only whoever wants it publishes less, and then nothing is missed any more.
	h.AcceptLoss = true
	h.run()
	h.expect(allFacts, []any{"a", "06", "x", int32(0), int64(1)})
	h.AcceptLoss = false
	h.run()
}

// Without the whole lake there is nothing to be made, also when the warehouse cannot say what there was.
func TestLostLake(t *testing.T) {
	for name, lose := range map[string]func(h house){
		"no folder": func(h house) { h.losePath("") },
		"empty":     func(h house) { h.losePath("facts"); h.losePath("users") },
		"an unreadable warehouse": func(h house) {
			h.losePath("")
			if err := os.WriteFile(h.Path, []byte("no database"), 0o600); err != nil {
				h.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := fiveDays(t)
			lose(h)
			h.fails("from a backup")
			for _, h.AcceptLoss = range []bool{false, true} {
				if _, err := h.Rebuild(t.Context()); !errors.Is(err, ErrNoLake) || !strings.Contains(err.Error(), h.Lake.Dir) {
					t.Errorf("a rebuild ends with %v", err)
				}
			}
			h.tidy()
		})
	}
}

// What was removed on purpose is not missed, also when the program was killed before it built, and what is
// lost besides is.
func TestRemovedOnPurposeIsNotMissed(t *testing.T) {
	h := fiveDays(t)
	h.remove(laketest.Facts, laketest.TenantA, "2026-05-01")
	h.writeFacts(laketest.TenantA, "2026-05-02", "x", 9)
	h.remove(laketest.Facts, laketest.TenantA, "2026-05-02")
	lost := lake.PartitionPath(laketest.Facts, []string{laketest.TenantA, "2026-05-04", "x"})
	h.losePath(lost)
	h.lossOf("lacks 1 file ", lost)
	h.writeFacts(laketest.TenantA, "2026-05-04", "x", 1) // restored
	for _, behind := range []bool{true, false} {
		if is, err := h.Behind(t.Context()); is != behind || err != nil {
			t.Errorf("behind %t, %v", is, err)
		}
		h.run()
	}
	h.expect("SELECT count(*) FROM facts", []any{int64(3)})

	// A day that came again and was lost afterwards was not removed on purpose.
	h.writeFacts(laketest.TenantA, "2026-05-01", "x", 1)
	h.run()
	h.losePath(lake.PartitionPath(laketest.Facts, []string{laketest.TenantA, "2026-05-01", "x"}))
	h.lossOf("day=2026-05-01")
}

// A warehouse of a version that recorded no checksums is a witness as well.
func TestOlderWarehouseIsAWitness(t *testing.T) {
	h := fiveDays(t)
	db, err := duck.Open(duck.File{Path: h.Path, Name: databaseName}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec("ALTER TABLE m365lake.partitions DROP COLUMN checksum")
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if v, err := h.Verify(t.Context()); err != nil || !v.Sound() || v.Published != 7 {
		t.Errorf("%+v, %v", v, err)
	}
	h.losePath("facts")
	h.lossOf("lacks 5 files")
}

// Verify names what is lost and what is damaged, wherever a byte changed, and changes nothing.
func TestVerify(t *testing.T) {
	h := fiveDays(t)
	h.remove(laketest.Facts, laketest.TenantA, "2026-05-01") // on purpose
	v, err := h.Verify(t.Context())
	if diff := cmp.Diff(Verified{Files: 6, Rows: 6, Published: 6}, v); diff != "" || err != nil || !v.Sound() {
		t.Error(diff, err)
	}

	lost := lake.PartitionPath(laketest.Facts, []string{laketest.TenantA, "2026-05-02", "x"})
	h.losePath(lost)
	h.writeUsers(laketest.TenantB, "Bob", "Cid") // not published yet
	damaged := lake.PartitionPath(laketest.Facts, []string{laketest.TenantA, "2026-05-03", "x"})
	whole, err := os.ReadFile(filepath.Join(h.Lake.Dir, damaged))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(h.Lake.Dir, damaged), whole[:len(whole)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	v, err = h.Verify(t.Context())
	if err != nil || v.Sound() || v.Files != 5 || v.Rows != 5 || v.Published != 3 || len(v.Damaged) != 1 ||
		!strings.Contains(v.Damaged[0], damaged) {
		t.Errorf("%+v, %v", v, err)
	}
	if diff := cmp.Diff([]string{lost}, v.Lost); diff != "" {
		t.Error(diff)
	}

	// A byte that nobody misses when the file is read, changed behind everybody's back.
	path := filepath.Join(h.Lake.Dir, lake.PartitionPath(laketest.Facts, []string{laketest.TenantA, "2026-05-04", "x"}))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if whole, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	whole[0] ^= 0x10
	if err := errors.Join(os.WriteFile(path, whole, 0o600), os.Chtimes(path, info.ModTime(), info.ModTime())); err != nil {
		t.Fatal(err)
	}
	v, err = h.Verify(t.Context())
	if err != nil || len(v.Damaged) != 2 || !strings.Contains(v.Damaged[1], "its content changed") {
		t.Errorf("%+v, %v", v, err)
	}

	if err := os.WriteFile(h.Path, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if v, err = h.Verify(t.Context()); err != nil || v.Unknown == "" || len(v.Lost) > 0 || len(v.Damaged) != 1 {
		t.Errorf("%+v, %v", v, err)
	}
}
