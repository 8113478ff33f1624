package load

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"

	"m365lake/schemas"
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
	return record(testFacts, []any{tenantA, date(on), report, "app", user, int64(1)})
}

func TestWriteSeveralFiles(t *testing.T) {
	lake := Lake{filepath.Join(t.TempDir(), "deep", "lake")}
	rows, err := lake.Write(t.Context(), tenantA, concat(
		stream(testFacts, []string{"2026-05-01", "x"}, fact("2026-05-01", "x", 0)),
		stream(testFacts, []string{"2026-05-02", "a/b=c"}, fact("2026-05-02", "a/b=c", 0)),
		stream(testUsers, nil, record(testUsers)),
		stream(testFacts, []string{"2026-05-01", "x"}, fact("2026-05-01", "x", 1)),
	))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int64{"facts": 3, "users": 0}, rows); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"facts/tenant_id=" + tenantA + "/day=2026-05-01/report=x/part.parquet",
		"facts/tenant_id=" + tenantA + "/day=2026-05-02/report=a%2Fb%3Dc/part.parquet",
		"users/tenant_id=" + tenantA + "/part.parquet",
	}
	if diff := cmp.Diff(want, files(t, lake.Dir)); diff != "" {
		t.Error(diff)
	}
	var keys []int32
	for batch, err := range lake.Read(t.Context(), testFacts, tenantA, "user_key") {
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rowsOf(batch) {
			keys = append(keys, row[0].(int32))
		}
	}
	if diff := cmp.Diff([]int32{0, 1, 0}, keys); diff != "" {
		t.Error(diff)
	}
	for range lake.Read(t.Context(), testFacts, tenantB) {
		t.Error("a tenant without files has batches")
	}
	for range lake.Read(t.Context(), testUsers, tenantA) {
		t.Error("an empty file has batches")
	}
}

func TestFailedWritePublishesNothing(t *testing.T) {
	broken := errors.New("the source broke off")
	stopped, stop := context.WithCancelCause(t.Context())
	good := stream(testFacts, []string{"2026-05-02", "x"}, fact("2026-05-02", "x", 5))
	tests := map[string]struct {
		ctx   context.Context
		after iter.Seq2[schemas.Batch, error]
		text  string
	}{
		"stream fails": {t.Context(), func(yield func(schemas.Batch, error) bool) { yield(schemas.Batch{}, broken) }, "the source broke off"},
		"cancelled": {stopped, func(yield func(schemas.Batch, error) bool) {
			stop(broken)
			yield(schemas.Batch{Table: testUsers, Rows: record(testUsers)}, nil)
		}, "the source broke off"},
		"other partition": {t.Context(), stream(testFacts, []string{"2026-05-01", "x"}, fact("2026-05-02", "x", 0)),
			"table facts: row 1 has day 2026-05-02 and does not belong to partition 2026-05-01"},
		"other partition later": {t.Context(), stream(testFacts, []string{"2026-05-01", "x"}, record(testFacts,
			[]any{tenantA, date("2026-05-01"), "x", "app", int32(0), nil}, []any{tenantA, date("2026-05-01"), "y", "app", int32(0), nil})),
			"table facts: row 2 has report y and does not belong to partition x"},
		"null in partition": {t.Context(), stream(testFacts, []string{"2026-05-01", "x"}, record(testFacts, []any{tenantA, nil, "x", "app", int32(0), nil})),
			"table facts: row 1 has day (null) and does not belong to partition 2026-05-01"},
		"other tenant":    {t.Context(), stream(testUsers, nil, record(testUsers, []any{tenantB, int32(0), "Ann"})), "does not belong to partition " + tenantA},
		"empty partition": {t.Context(), stream(testFacts, []string{"2026-05-01", ""}, fact("2026-05-01", "", 0)), "the value of partition column report is empty"},
		"partition count": {t.Context(), stream(testFacts, []string{"2026-05-01"}, fact("2026-05-01", "x", 0)), "table facts: a batch has 1 partition values instead of 2"},
		"other columns":   {t.Context(), stream(testFacts, []string{"2026-05-01", "x"}, record(testUsers)), "table facts: batch has 3 columns, the table 6"},
		"invalid text": {t.Context(), stream(testUsers, nil, record(testUsers, []any{tenantA, int32(0), "a\xffb"})),
			`users/tenant_id=` + tenantA + `/part.parquet: column name: row 1: "a\xffb" is not valid UTF-8`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			lake := Lake{t.TempDir()}
			if _, err := lake.Write(t.Context(), tenantA, stream(testFacts, []string{"2026-05-02", "x"}, fact("2026-05-02", "x", 1))); err != nil {
				t.Fatal(err)
			}
			before := files(t, lake.Dir)
			rows, err := lake.Write(test.ctx, tenantA, concat(good, test.after))
			if err == nil || !strings.Contains(err.Error(), test.text) || rows != nil {
				t.Errorf("Write returned %v, %v, want %q", rows, err, test.text)
			}
			if diff := cmp.Diff(before, files(t, lake.Dir)); diff != "" {
				t.Errorf("files changed: %s", diff)
			}
			for batch, err := range lake.Read(t.Context(), testFacts, tenantA, "user_key") {
				if err != nil || read(batch.Column(0), 0) != int32(1) {
					t.Errorf("the published file changed: %v %v", batch, err)
				}
			}
		})
	}
}

func TestAbandonedTemporaryFiles(t *testing.T) {
	lake := Lake{t.TempDir()}
	folder := filepath.Join(lake.Dir, "users", "tenant_id="+tenantA)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, ".part.parquet123"), []byte("of a killed run"), 0o600); err != nil {
		t.Fatal(err)
	}
	if found, err := lake.scan(t.Context(), testUsers); err != nil || len(found) != 0 {
		t.Errorf("scan finds %v, %v", found, err)
	}
	if _, err := lake.Write(t.Context(), tenantA, stream(testUsers, nil, record(testUsers))); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"users/tenant_id=" + tenantA + "/part.parquet"}, files(t, lake.Dir)); diff != "" {
		t.Error(diff)
	}
}

func TestTenantIDs(t *testing.T) {
	lake := Lake{t.TempDir()}
	for _, id := range []string{"", ".", "..", "../x", "a/b", `a\b`, ".hidden", "a b", "a\x00", "ü", "a=b", "a%2e", "-x", strings.Repeat("a", 200)} {
		if _, err := lake.Write(t.Context(), id, stream(testUsers, nil, record(testUsers))); err == nil {
			t.Errorf("tenant id %q is taken", id)
		}
		for _, err := range lake.Read(t.Context(), testUsers, id) {
			if err == nil {
				t.Errorf("tenant id %q is read", id)
			}
		}
	}
	for _, id := range []string{tenantA, "contoso.onmicrosoft.com", "a_b"} {
		if err := checkTenant(id); err != nil {
			t.Error(err)
		}
	}
}

func TestEscape(t *testing.T) {
	for value, want := range map[string]string{
		"2026-05-01": "2026-05-01", "a/b": "a%2Fb", "..": "..", "100%": "100%25", "a=b:c": "a%3Db%3Ac", "tab\t\x7f": "tab%09%7F", "Zoë": "Zoë", "*?[x]": "%2A%3F%5Bx%5D",
	} {
		if got := escape(value); got != want {
			t.Errorf("escape(%q) = %q, want %q", value, got, want)
		}
		if got, err := unescape(want); err != nil || got != value {
			t.Errorf("unescape(%q) = %q, %v", want, got, err)
		}
	}
	for _, bad := range []string{"%", "a%2", "%zz"} {
		if got, err := unescape(bad); err == nil {
			t.Errorf("unescape(%q) = %q", bad, got)
		}
	}
}

// TestConcurrentWrites is for the race detector.
func TestConcurrentWrites(t *testing.T) {
	lake := Lake{t.TempDir()}
	var group sync.WaitGroup
	for _, tenant := range []string{tenantA, tenantB} {
		for _, on := range []string{"2026-05-01", "2026-05-02"} {
			group.Go(func() {
				rows := record(testFacts, []any{tenant, date(on), "x", "app", int32(1), nil})
				if _, err := lake.Write(t.Context(), tenant, stream(testFacts, []string{on, "x"}, rows)); err != nil {
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

func TestDiskErrors(t *testing.T) {
	for text, cause := range map[string]error{
		"no space left in /data; free some space or use --data":                      &fs.PathError{Op: "write", Path: "/data/x", Err: syscall.ENOSPC},
		"/data/x: no space left in /data; free":                                      errors.New("IO Error: Could not write file \"/data/x\":\n No space left on device"),
		"no permission; let the user who runs m365lake write to /data or use --data": &fs.PathError{Op: "open", Path: "/data/x", Err: syscall.EACCES},
		"cannot build /data/x: no permission":                                        &fs.PathError{Op: "open", Path: "/data/x", Err: syscall.EROFS},
	} {
		err := diskError("build", "/data/x", cause)
		if !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), "\n") || !errors.Is(err, cause) {
			t.Errorf("%v is shown as %q", cause, err)
		}
	}
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	h := newHouse(t)
	h.writeUsers(tenantA, "Ann")
	h.run()
	if err := os.Chmod(filepath.Dir(h.Path), 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Dir(h.Path), 0o700)
	h.fails("no permission", filepath.Dir(h.Path))
}
