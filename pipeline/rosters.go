package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"m365lake/internal/text"
	"m365lake/schemas"
	"m365lake/transform"
	"m365lake/transform/handkept"
	"m365lake/transform/roster"
	"m365lake/transform/userindex"
)

// rosters reads the files about people, who must be known by then.
func (t *tenantTransform) rosters(ctx context.Context, index *userindex.Index, users transform.Previous) error {
	who, files := t.batchOwner(), t.tenant.Rosters
	err := t.roster(ctx, &schemas.SSORoster, files.SSO, func(r io.Reader) iter.Seq2[schemas.Batch, error] {
		return roster.SSO(r, files.SSO, who, index)
	})
	if err != nil {
		return err
	}
	return t.roster(ctx, &schemas.HRISRoster, files.HRIS, func(r io.Reader) iter.Seq2[schemas.Batch, error] {
		return roster.HRIS(r, files.HRIS, who, index, users)
	})
}

func (t *tenantTransform) prices(ctx context.Context) error {
	file := t.tenant.Rosters.Prices
	return t.roster(ctx, &schemas.SKUPrices, file, func(r io.Reader) iter.Seq2[schemas.Batch, error] {
		return roster.Prices(r, file, t.batchOwner())
	})
}

// roster reads one file into its table. A file with a fault is a gap: the last good one stays.
func (t *tenantTransform) roster(ctx context.Context, table *schemas.Table, path string, read func(io.Reader) iter.Seq2[schemas.Batch, error]) error {
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
	t.note("transform", table.Name, started, rows, err)
	return nil
}

// forgetRoster empties the table of a roster that pipelines.yaml no longer names.
func (t *tenantTransform) forgetRoster(ctx context.Context, table *schemas.Table) error {
	stored, err := t.lake().Has(table, t.tenant.TenantID)
	if err != nil || !stored {
		return err
	}
	_, err = t.writeBatches(ctx, roster.Empty(table, t.batchOwner()))
	return err
}

// explainUnknownColumn adds the column that was probably meant.
func explainUnknownColumn(err error) error {
	var unknown *handkept.UnknownColumnError
	if errors.As(err, &unknown) {
		return fmt.Errorf("%w%s", err, text.Suggest(unknown.Column, unknown.Known))
	}
	return err
}
