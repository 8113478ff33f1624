package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/provision/control"
	"m365lake/schemas"
)

// provisioning copies the tenant's part of the control database into the lake. One that cannot be
// read is a gap: the last copy stays.
func (t *tenantTransform) provisioning(ctx context.Context) error {
	started := t.Clock.Now()
	rows, found, err := t.copyControl(ctx)
	if err != nil && (ctx.Err() != nil || localFault(err)) {
		return err
	}
	if found || err != nil {
		t.addStep("transform", "provisioning", started, rows, err)
	}
	return nil
}

func (t *tenantTransform) copyControl(ctx context.Context) (rows int64, found bool, err error) {
	kept, err := t.ledgerHashes(ctx)
	if err != nil {
		return 0, false, err
	}
	path := t.folder.Control()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if len(kept) == 0 {
			return 0, false, t.forgetControl(ctx)
		}
		return 0, false, fmt.Errorf("%s is gone, but something was done by it; "+
			"restore it from a backup (its ledger is also in %s)", path, t.lake().TableFolder(&schemas.ProvisioningLedger))
	}
	db, err := control.OpenReadOnly(ctx, path, control.UsualWait)
	if err != nil {
		return 0, true, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := follows(ctx, db, t.tenant.TenantID, kept); err != nil {
		return 0, true, err
	}
	owner := t.owner
	rows, err = t.writeBatches(ctx, db.Batches(ctx, control.LakeTenant{
		ID: owner.ID, Name: owner.Name, Only: len(t.Config.Tenants) == 1, Day: owner.Day, Mem: owner.Mem,
	}))
	return rows, true, err
}

// forgetControl empties the tables of a control database that was removed before it did anything.
func (t *tenantTransform) forgetControl(ctx context.Context) error {
	for _, table := range []*schemas.Table{&schemas.ProvisioningActions, &schemas.ProvisioningPlans} {
		if err := t.forgetRoster(ctx, table); err != nil {
			return err
		}
	}
	return nil
}

// ledgerHashes are the hashes of the entries in the lake, by their numbers.
func (t *tenantTransform) ledgerHashes(ctx context.Context) (map[int64]string, error) {
	hashes := map[int64]string{}
	for rows, err := range t.stored(ctx, &schemas.ProvisioningLedger)() {
		if err != nil {
			return nil, err
		}
		ids := rows.Column(schemas.ProvisioningLedger.Column("entry_id")).(*array.Int64)
		entries := rows.Column(schemas.ProvisioningLedger.Column("hash")).(*array.String)
		for i := range int(rows.NumRows()) {
			hashes[ids.Value(i)] = entries.Value(i)
		}
	}
	return hashes, nil
}

// follows refuses a ledger that lacks what an earlier run saw in it. The copy in the lake is the
// witness against who cuts off the end of the ledger, or writes it anew with right hashes.
func follows(ctx context.Context, db *control.Database, tenantID string, kept map[int64]string) error {
	entries, err := db.Entries(ctx, control.EntryFilter{TenantID: tenantID})
	if err != nil {
		return err
	}
	now := make(map[int64]string, len(entries))
	for _, e := range entries {
		now[e.ID] = e.Hash
	}
	for id, hash := range kept {
		if now[id] != hash {
			return fmt.Errorf("provisioning_ledger of the control database has another entry %d than an earlier run saw, "+
				"or none; restore control.duckdb from a backup", id)
		}
	}
	return nil
}
