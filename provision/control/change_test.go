package control

import (
	"context"
	"database/sql"
	"testing"
	"time"
)

// A panic within a change leaves no transaction open: there is one connection, and every later call
// would wait for it without end.
func TestPanicInAChangeIsRolledBack(t *testing.T) {
	c := newControl(t)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = c.change(t.Context(), func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(t.Context(), "DELETE FROM settings"); err != nil {
				t.Error(err)
			}
			panic("a fault of the program")
		})
	}()
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
	defer stop()
	var rows int
	if err := c.db.QueryRowContext(ctx, "SELECT count(*) FROM settings").Scan(&rows); err != nil || rows == 0 {
		t.Errorf("%d settings, %v", rows, err)
	}
}
