package pipeline

import (
	"context"
	"fmt"
	"io"
	"os"

	"m365lake/schemas"
	"m365lake/transform/roster"
)

// rosters reads the files about people, who must be known by then.
func (t *tenantTransform) rosters(ctx context.Context) error {
	files := t.tenant.Rosters
	err := t.roster(ctx, &schemas.SSORoster, files.SSO, func(r io.Reader) batches {
		return roster.SSO(r, files.SSO, t.owner, t.index)
	})
	if err != nil {
		return err
	}
	return t.roster(ctx, &schemas.HRISRoster, files.HRIS, func(r io.Reader) batches {
		return roster.HRIS(r, files.HRIS, t.owner, t.index, t.previous)
	})
}

func (t *tenantTransform) prices(ctx context.Context) error {
	file := t.tenant.Rosters.Prices
	return t.roster(ctx, &schemas.SKUPrices, file, func(r io.Reader) batches {
		return roster.Prices(r, file, t.owner)
	})
}

// roster reads one file into its table. A file with a fault is a gap: the last good one stays.
func (t *tenantTransform) roster(
	ctx context.Context, table *schemas.Table, path string, read func(io.Reader) batches,
) error {
	if path == "" {
		return t.forgetRoster(ctx, table)
	}
	started := t.Clock.Now()
	var rows int64
	file, err := os.Open(path)
	if err != nil {
		err = fmt.Errorf("%w; correct rosters in %s or remove it there", err, t.Config.File)
	} else {
		defer file.Close() //nolint:errcheck // only read
		rows, err = t.writeBatches(ctx, read(file))
		if err != nil && (ctx.Err() != nil || localFault(err)) {
			return err
		}
	}
	t.addStep("transform", table.Name, started, rows, err)
	return nil
}

// forgetRoster empties the table of a roster that pipelines.yaml no longer names.
func (t *tenantTransform) forgetRoster(ctx context.Context, table *schemas.Table) error {
	stored, err := t.lake().Has(table, t.tenant.TenantID)
	if err != nil || !stored {
		return err
	}
	_, err = t.writeBatches(ctx, roster.Empty(table, t.owner))
	return err
}
