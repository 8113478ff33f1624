package lake

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"

	"m365lake/load/lake/laketest"
	"m365lake/schemas"
	"m365lake/schemas/catalog"
)

// files are all files and folders below, hidden ones too.
func files(t *testing.T, folder string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			path, err = filepath.Rel(folder, path)
			found = append(found, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return found
}

func concat(streams ...iter.Seq2[schemas.Batch, error]) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		for _, s := range streams {
			for batch, err := range s {
				if !yield(batch, err) {
					return
				}
			}
		}
	}
}

func fact(on, report string, user int32) arrow.RecordBatch {
	return laketest.Record(laketest.Facts, []any{laketest.TenantA, laketest.Date(on), report, "app", user, int64(1)})
}

func TestWriteSeveralFiles(t *testing.T) {
	lake := Lake{filepath.Join(t.TempDir(), "deep", "lake")}
	rows, err := lake.Write(t.Context(), laketest.TenantA, concat(
		laketest.Stream(laketest.Facts, []string{"2026-05-01", "x"}, fact("2026-05-01", "x", 0)),
		laketest.Stream(laketest.Facts, []string{"2026-05-02", "a/b=c"}, fact("2026-05-02", "a/b=c", 0)),
		laketest.Stream(laketest.Users, nil, laketest.Record(laketest.Users)),
		laketest.Stream(laketest.Facts, []string{"2026-05-01", "x"}, fact("2026-05-01", "x", 1)),
	))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int64{"facts": 3, "users": 0}, rows); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"facts/tenant_id=" + laketest.TenantA + "/day=2026-05-01/report=x/part.parquet",
		"facts/tenant_id=" + laketest.TenantA + "/day=2026-05-02/report=a%2Fb%3Dc/part.parquet",
		"users/tenant_id=" + laketest.TenantA + "/part.parquet",
	}
	if diff := cmp.Diff(want, files(t, lake.Dir)); diff != "" {
		t.Error(diff)
	}
	var keys []int32
	for batch, err := range lake.Read(t.Context(), laketest.Facts, laketest.TenantA, "user_key") {
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range laketest.Rows(batch) {
			keys = append(keys, row[0].(int32))
		}
	}
	if diff := cmp.Diff([]int32{0, 1, 0}, keys); diff != "" {
		t.Error(diff)
	}
	for range lake.Read(t.Context(), laketest.Facts, laketest.TenantB) {
		t.Error("a tenant without files has batches")
	}
	for range lake.Read(t.Context(), laketest.Users, laketest.TenantA) {
		t.Error("an empty file has batches")
	}
}

func TestFailedWritePublishesNothing(t *testing.T) {
	broken := errors.New("the source broke off")
	stopped, stop := context.WithCancelCause(t.Context())
	good := laketest.Stream(laketest.Facts, []string{"2026-05-02", "x"}, fact("2026-05-02", "x", 5))
	tests := map[string]struct {
		ctx   context.Context
		after iter.Seq2[schemas.Batch, error]
		text  string
	}{
		"stream fails": {
			t.Context(),
			func(yield func(schemas.Batch, error) bool) { yield(schemas.Batch{}, broken) },
			"the source broke off",
		},
		"cancelled": {stopped, func(yield func(schemas.Batch, error) bool) {
			stop(broken)
			yield(schemas.Batch{Table: laketest.Users, Rows: laketest.Record(laketest.Users)}, nil)
		}, "the source broke off"},
		"other partition": {
			t.Context(),
			laketest.Stream(laketest.Facts, []string{"2026-05-01", "x"}, fact("2026-05-02", "x", 0)),
			"table facts: row 1 has day 2026-05-02 and does not belong to partition 2026-05-01",
		},
		"other partition later": {
			t.Context(),
			laketest.Stream(laketest.Facts, []string{"2026-05-01", "x"}, laketest.Record(
				laketest.Facts,
				[]any{
					laketest.TenantA,
					laketest.Date("2026-05-01"),
					"x",
					"app",
					int32(0),
					nil,
				},
				[]any{laketest.TenantA, laketest.Date("2026-05-01"), "y", "app", int32(0), nil},
			)),
			"table facts: row 2 has report y and does not belong to partition x",
		},
		"null in partition": {
			t.Context(),
			laketest.Stream(
				laketest.Facts,
				[]string{"2026-05-01", "x"},
				laketest.Record(laketest.Facts, []any{laketest.TenantA, nil, "x", "app", int32(0), nil}),
			),
			"table facts: row 1 has day (null) and does not belong to partition 2026-05-01",
		},
		"other tenant": {
			t.Context(),
			laketest.Stream(
				laketest.Users,
				nil,
				laketest.Record(laketest.Users, []any{laketest.TenantB, int32(0), "Ann"}),
			),
			"does not belong to partition " + laketest.TenantA,
		},
		"empty partition": {
			t.Context(),
			laketest.Stream(laketest.Facts, []string{"2026-05-01", ""}, fact("2026-05-01", "", 0)),
			"the value of partition column report is empty",
		},
		"partition count": {
			t.Context(),
			laketest.Stream(laketest.Facts, []string{"2026-05-01"}, fact("2026-05-01", "x", 0)),
			"table facts: a batch has 1 partition values instead of 2",
		},
		"other columns": {
			t.Context(),
			laketest.Stream(laketest.Facts, []string{"2026-05-01", "x"}, laketest.Record(laketest.Users)),
			"table facts: batch has 3 columns, the table 6",
		},
		"invalid text": {
			t.Context(),
			laketest.Stream(
				laketest.Users,
				nil,
				laketest.Record(laketest.Users, []any{laketest.TenantA, int32(0), "a\xffb"}),
			),
			`users/tenant_id=` + laketest.TenantA + `/part.parquet: column name: row 1: "a\xffb" is not valid UTF-8`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			lake := Lake{t.TempDir()}
			if _, err := lake.Write(t.Context(), laketest.TenantA, laketest.Stream(laketest.Facts,
				[]string{"2026-05-02", "x"}, fact("2026-05-02", "x", 1))); err != nil {
				t.Fatal(err)
			}
			before := files(t, lake.Dir)
			rows, err := lake.Write(test.ctx, laketest.TenantA, concat(good, test.after))
			if err == nil || !strings.Contains(err.Error(), test.text) || rows != nil {
				t.Errorf("Write returned %v, %v, want %q", rows, err, test.text)
			}
			if diff := cmp.Diff(before, files(t, lake.Dir)); diff != "" {
				t.Errorf("files changed: %s", diff)
			}
			for batch, err := range lake.Read(t.Context(), laketest.Facts, laketest.TenantA, "user_key") {
				if err != nil || laketest.Value(batch.Column(0), 0) != int32(1) {
					t.Errorf("the published file changed: %v %v", batch, err)
				}
			}
		})
	}
}

func TestAbandonedTemporaryFiles(t *testing.T) {
	lake := Lake{t.TempDir()}
	folder := filepath.Join(lake.Dir, "users", "tenant_id="+laketest.TenantA)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, ".part.parquet123"), []byte("of a killed run"), 0o600); err != nil {
		t.Fatal(err)
	}
	if found, err := lake.Scan(t.Context(), laketest.Users); err != nil || len(found) != 0 {
		t.Errorf("scan finds %v, %v", found, err)
	}
	nobody := laketest.Stream(laketest.Users, nil, laketest.Record(laketest.Users))
	if _, err := lake.Write(t.Context(), laketest.TenantA, nobody); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"users/tenant_id=" + laketest.TenantA + "/part.parquet"},
		files(t, lake.Dir)); diff != "" {
		t.Error(diff)
	}
}

func TestTenantIDs(t *testing.T) {
	lake := Lake{t.TempDir()}
	for _, id := range []string{"", ".", "..", "../x", "a/b", `a\b`, ".hidden", "a b", "a\x00", "ü", "a=b", "a%2e", "-x",
		strings.Repeat("a", 200)} {
		nobody := laketest.Stream(laketest.Users, nil, laketest.Record(laketest.Users))
		if _, err := lake.Write(t.Context(), id, nobody); err == nil {
			t.Errorf("tenant id %q is taken", id)
		}
		for _, err := range lake.Read(t.Context(), laketest.Users, id) {
			if err == nil {
				t.Errorf("tenant id %q is read", id)
			}
		}
	}
	for _, id := range []string{laketest.TenantA, "contoso.onmicrosoft.com", "a_b"} {
		if err := checkTenant(id); err != nil {
			t.Error(err)
		}
	}
}

func TestEscape(t *testing.T) {
	for value, want := range map[string]string{
		"2026-05-01": "2026-05-01", "a/b": "a%2Fb", "..": "..", "100%": "100%25", "a=b:c": "a%3Db%3Ac",
		"tab\t\x7f": "tab%09%7F", "Zoë": "Zoë", "*?[x]": "%2A%3F%5Bx%5D",
	} {
		if got := escape(value); got != want {
			t.Errorf("escape(%q) = %q, want %q", value, got, want)
		}
		if got, err := unescape(want); err != nil || got != value {
			t.Errorf("unescape(%q) = %q, %v", want, got, err)
		}
	}
	for _, bad := range []string{"%", "a%2", "%zz", "% 1", "%0x", "%4G", "%+1"} {
		if got, err := unescape(bad); err == nil {
			t.Errorf("unescape(%q) = %q", bad, got)
		}
	}
}

// TestConcurrentWrites is for the race detector.
func TestConcurrentWrites(t *testing.T) {
	lake := Lake{t.TempDir()}
	var group sync.WaitGroup
	for _, tenant := range []string{laketest.TenantA, laketest.TenantB} {
		for _, on := range []string{"2026-05-01", "2026-05-02"} {
			group.Go(func() {
				rows := laketest.Record(laketest.Facts, []any{tenant, laketest.Date(on), "x", "app", int32(1), nil})
				if _, err := lake.Write(t.Context(), tenant, laketest.Stream(laketest.Facts, []string{on, "x"}, rows)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	group.Wait()
	if n := len(files(t, lake.Dir)); n != 4 {
		t.Errorf("%d files", n)
	}
}

// TestPartitionColumns: a partition column that could be NULL could not be replaced.
func TestPartitionColumns(t *testing.T) {
	for _, table := range catalog.Tables() {
		for _, name := range PartitionColumns(table) {
			c := table.Columns[table.Column(name)]
			if !c.Required {
				t.Errorf("table %s is partitioned by %s, which may be NULL", table.Name, name)
			}
		}
		for _, name := range table.Key {
			table.Column(name)
		}
	}
}

// What is removed on purpose is written down before it is removed, and half a line of a killed removal harms
// nobody.
func TestRemoveIsWrittenDown(t *testing.T) {
	lake := Lake{t.TempDir()}
	for _, day := range []string{"2026-05-01", "2026-05-02", "2026-05-03"} {
		stream := laketest.Stream(laketest.Facts, []string{day, "x"}, fact(day, "x", 0))
		if _, err := lake.Write(t.Context(), laketest.TenantA, stream); err != nil {
			t.Fatal(err)
		}
	}
	all, err := lake.Files(t.Context(), laketest.Facts, laketest.TenantA)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := lake.Remove(all[:1]); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	journal, err := os.OpenFile(filepath.Join(lake.Dir, removedFile), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := journal.WriteString(all[2].Path[:20]); err != nil {
		t.Fatal(err)
	}
	_ = journal.Close()                                       // a write that fails is seen below
	if n, err := lake.Remove(all[:2]); n != 2 || err != nil { // one is gone already
		t.Fatal(n, err)
	}
	removed, err := lake.Removed()
	if err != nil || !removed[all[0].Path] || !removed[all[1].Path] || removed[all[2].Path] {
		t.Errorf("%v, %v", removed, err)
	}
	left, err := lake.Files(t.Context(), laketest.Facts, laketest.TenantA)
	if err != nil || len(left) != 1 || left[0].Path != all[2].Path {
		t.Errorf("%v, %v", left, err)
	}
	for range 2 {
		if err := lake.ForgetRemoved(); err != nil {
			t.Fatal(err)
		}
	}
	if removed, err := lake.Removed(); len(removed) > 0 || err != nil {
		t.Errorf("%v, %v", removed, err)
	}
}

// Nobody is told to delete what no sync brings back.
func TestRemedyOfDamagedFiles(t *testing.T) {
	for table, moveAway := range map[*schemas.Table]bool{
		&schemas.Users: false, &schemas.UserHistory: false, &schemas.LicenseHistory: false, &schemas.Runs: true,
	} {
		values := make([]string, len(PartitionColumns(table)))
		for i := range values {
			values[i] = "x"
		}
		text := Damaged(filepath.Join("data", "lake", PartitionPath(table, values)), io.ErrUnexpectedEOF).Error()
		if !strings.Contains(text, "restore it from a backup") || strings.Contains(text, "delete") ||
			strings.Contains(text, "move it away") != moveAway {
			t.Errorf("%s: %s", table.Name, text)
		}
	}
}

// Whatever byte of a file changed: reading it ends with rows or an error, never with a panic.
func TestCheckOfChangedBytes(t *testing.T) {
	lake := Lake{t.TempDir()}
	stream := laketest.Stream(laketest.Facts, []string{"2026-05-01", "x"}, fact("2026-05-01", "x", 0))
	if _, err := lake.Write(t.Context(), laketest.TenantA, stream); err != nil {
		t.Fatal(err)
	}
	files, err := lake.Files(t.Context(), laketest.Facts, laketest.TenantA)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(files[0].absolute())
	if err != nil {
		t.Fatal(err)
	}
	sum, err := lake.Checksum(files[0].Stamp)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for at := range whole {
		changed := slices.Clone(whole)
		changed[at] ^= 0x10
		if err := os.WriteFile(files[0].absolute(), changed, 0o600); err != nil {
			t.Fatal(err)
		}
		var damaged *DamagedError
		if _, err := lake.Check(t.Context(), laketest.Facts, files[0].Stamp); errors.As(err, &damaged) {
			found++
		} else if err != nil {
			t.Errorf("byte %d: %v", at, err)
		}
		if now, err := lake.Checksum(files[0].Stamp); err != nil || now == sum {
			t.Errorf("byte %d: the checksum is the same, %v", at, err)
		}
	}
	if found < len(whole)/10 {
		t.Errorf("%d of %d changes were found", found, len(whole))
	}
}
