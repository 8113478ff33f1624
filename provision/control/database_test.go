package control

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"m365lake/provision"
	sqlfiles "m365lake/sql"
)

// This test binary is also the other program that has the control database open.
func TestMain(m *testing.M) {
	if path := os.Getenv("HOLD_CONTROL"); path != "" {
		holdControl(path)
		return
	}
	os.Exit(m.Run())
}

// holdControl is an analyst's shell: it attaches the file without our lock, and lets go when a line
// comes in.
func holdControl(path string) {
	db, err := attach(path, "READ_WRITE")
	if err == nil {
		err = db.Ping()
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("open")
	bufio.NewScanner(os.Stdin).Scan()
	_ = db.Close()
}

func hold(t *testing.T, path string) (letGo func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "HOLD_CONTROL="+path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "open\n" {
		t.Fatalf("the other process says %q, %v", line, err)
	}
	letGo = sync.OnceFunc(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	t.Cleanup(letGo)
	return letGo
}

func controlPath(t *testing.T) string { return filepath.Join(t.TempDir(), "data", "control.duckdb") }

// emptyControl is the content of a control database that Create made. A copy of it opens several times
// faster than Create runs its steps.
var emptyControl = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "control-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "control.duckdb")
	c, err := Create(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := c.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// newControl is an empty control database.
func newControl(t *testing.T) *Database {
	t.Helper()
	content, err := emptyControl()
	if err != nil {
		t.Fatal(err)
	}
	path := controlPath(t)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Open(t.Context(), path, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func (c *Database) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	if _, err := c.db.Exec(statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// wantError wants an error that contains all of the texts, in one line.
func wantError(t *testing.T, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, wanted %q", texts)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%q does not contain %q", err, text)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("%q is more than a line", err)
	}
}

func TestCreateIsIdempotentAndPrivate(t *testing.T) {
	path := controlPath(t)
	c, err := Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.AddAction(t.Context(), provision.Action{Kind: provision.DisableUser, User: "a@x"}); err != nil {
		t.Fatal(err)
	}
	c.exec(t, "UPDATE settings SET value = '7' WHERE setting = 'max_actions'")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + ".lock"} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	if _, err := os.Stat(path + ".wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a log was left: %v", err)
	}
	if c, err = Create(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	actions, err := c.Actions(t.Context())
	if err != nil || len(actions) != 1 || actions[0].User != "a@x" {
		t.Errorf("the second time there are %v, %v", actions, err)
	}
	if s, err := c.Settings(t.Context()); err != nil || s.MaxActions != 7 {
		t.Errorf("settings are %+v, %v", s, err)
	}
}

func TestEveryTableAndColumnHasAComment(t *testing.T) {
	c := newControl(t)
	rows, err := c.QueryContext(t.Context(), `SELECT table_name FROM duckdb_tables()
		WHERE database_name = 'control' AND comment IS NULL
		UNION ALL SELECT table_name || '.' || column_name FROM duckdb_columns()
		WHERE database_name = 'control' AND NOT internal AND comment IS NULL`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s has no comment", name)
	}
}

// An older control database, one with the first steps only, is refused by Open and brought up to
// date by Create; a newer one is refused by both.
func TestVersions(t *testing.T) {
	path := controlPath(t)
	steps, err := controlSteps(sqlfiles.Files)
	if err != nil {
		t.Fatal(err)
	}
	var old []controlStep
	for _, s := range steps {
		if s.version <= 4 {
			old = append(old, s)
		}
	}
	c, err := create(t.Context(), path, old)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.AddAction(t.Context(), provision.Action{Kind: provision.DisableUser, User: "a@x"}); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), path, time.Second)
	wantError(t, err, "is of version 4", "needs 7", "provision init")
	if c, err = Create(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if actions, err := c.Actions(t.Context()); err != nil || len(actions) != 1 {
		t.Errorf("after the upgrade there are %v, %v", actions, err)
	}
	if err := c.VerifyLedger(t.Context()); err != nil {
		t.Error(err)
	}
	c.exec(t, "UPDATE control_version SET version = 99")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), path, time.Second)
	wantError(t, err, "is of version 99", "newer m365lake")
	_, err = Create(t.Context(), path)
	wantError(t, err, "is of version 99", "newer m365lake")
}

func TestWhatIsNoControlDatabase(t *testing.T) {
	path := controlPath(t)
	_, err := Open(t.Context(), path, time.Second)
	wantError(t, err, "no control database", "provision init")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), path, time.Second)
	wantError(t, err, "no DuckDB file", "backup")

	warehouse := filepath.Join(t.TempDir(), "warehouse.duckdb")
	db, err := attach(warehouse, "STORAGE_VERSION 'v1.4.0'")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE users (x INTEGER)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Create(t.Context(), warehouse)
	wantError(t, err, "no control database", "--data")

	stray := controlPath(t)
	if err := os.MkdirAll(filepath.Dir(stray), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stray+".wal", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Create(t.Context(), stray)
	wantError(t, err, ".wal exists", "backup")
}

// Another process has the file open: who waits long enough gets it, who does not is told by whom.
func TestAnotherProcessHasItOpen(t *testing.T) {
	path := controlPath(t)
	c, err := Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	letGo := hold(t, path)
	for name, open := range map[string]func(context.Context, string, time.Duration) (*Database, error){
		"write": Open, "read": OpenReadOnly} {
		_, err = open(t.Context(), path, 300*time.Millisecond)
		t.Log(name, err)
		wantError(t, err, path, "(PID ", filepath.Base(os.Args[0]), "close it there")
	}
	go func() {
		time.Sleep(300 * time.Millisecond)
		letGo()
	}()
	c, err = Open(t.Context(), path, 30*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.AddAction(t.Context(), provision.Action{Kind: provision.EnableUser, User: "b@x"}); err != nil {
		t.Error(err)
	}
}

// Within one process DuckDB's own lock does not hold.
func TestThisProcessHasItOpen(t *testing.T) {
	c := newControl(t)
	_, err := Open(t.Context(), c.path, 200*time.Millisecond)
	wantError(t, err, "another m365lake is at work", "wait")
	_, err = OpenReadOnly(t.Context(), c.path, 0)
	wantError(t, err, "another m365lake is at work")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	first, err := OpenReadOnly(t.Context(), c.path, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := OpenReadOnly(t.Context(), c.path, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if _, err := second.AddAction(t.Context(), provision.Action{Kind: provision.EnableUser, User: "b@x"}); err == nil {
		t.Error("a reader could write")
	}
}

// What a killed process had committed is there, the tables that it made included.
func TestLogIsReplayed(t *testing.T) {
	c, err := Create(t.Context(), controlPath(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if _, err := c.AddAction(t.Context(), provision.Action{Kind: provision.DisableUser, User: "a@x"}); err != nil {
		t.Fatal(err)
	}
	crashed := filepath.Join(t.TempDir(), "control.duckdb")
	for _, suffix := range []string{"", ".wal"} {
		text, err := os.ReadFile(c.path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(crashed+suffix, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again, err := Open(t.Context(), crashed, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if actions, err := again.Actions(t.Context()); err != nil || len(actions) != 1 {
		t.Errorf("there are %v, %v", actions, err)
	}
}
