package control

import (
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/schemas"
)

// A row with a time that is none comes into the lake all the same, without the time: a column that must have a value
// and has none would keep the whole night from being published.
func TestTimesThatAreNoneInTheLake(t *testing.T) {
	c := newControl(t)
	_, err := c.db.Exec(`INSERT INTO provisioning_actions (action, target_user, requested_by, requested_at, not_before)
		VALUES ('disable_user', 'ida', 'eve', 'infinity', NULL),
		('disable_user', 'bo', 'eve', '2026-11-01 08:00:00+00', '-infinity')`)
	if err != nil {
		t.Fatal(err)
	}
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	rows := 0
	for batch, err := range c.Batches(t.Context(), LakeTenant{
		ID: "11111111-1111-4111-8111-111111111111", Name: "contoso", Only: true,
		Day: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), Mem: mem,
	}) {
		if err != nil {
			t.Fatal(err)
		}
		for i, column := range batch.Table.Columns {
			if nulls := batch.Rows.Column(i).NullN(); column.Required && nulls > 0 {
				t.Errorf("%s.%s must have values and lacks %d", batch.Table.Name, column.Name, nulls)
			}
		}
		if batch.Table.Name == schemas.ProvisioningActions.Name {
			rows += int(batch.Rows.NumRows())
			field := batch.Rows.Schema().FieldIndices("requested_at")[0]
			if at := batch.Rows.Column(field); at.IsValid(0) || at.IsNull(1) {
				t.Errorf("requested_at is %v", at)
			}
		}
		batch.Rows.Release()
	}
	if rows != 2 {
		t.Errorf("%d rows", rows)
	}
}
