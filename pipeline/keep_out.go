package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"m365lake/config"
	"m365lake/erase"
)

// keepOut removes people who were forgotten from the files that are about to be published.
func (r Run) keepOut(ctx context.Context) error {
	kept, err := erase.Eraser{Folder: r.Config.Folder(), Day: r.Day}.KeepOut(ctx)
	for _, t := range kept {
		if t.Returned > 0 {
			r.Log.Warn("the directory lists people who were forgotten: they are back under new keys; "+
				"delete the accounts, then forget them again", "tenant", tenantName(r.Config, t.TenantID), "people", t.Returned)
		}
	}
	if err != nil {
		return fmt.Errorf("people who were forgotten could not be kept out, so nothing was published: %w", err)
	}
	return nil
}

// prune removes what is past its retention, where the configuration wants that in every run.
func prune(ctx context.Context, c config.Config, day time.Time, log *slog.Logger) error {
	if !c.Retention.Prune {
		return nil
	}
	pruned, err := erase.Eraser{Folder: c.Folder(), Day: day}.Prune(ctx, RetentionOn(day, c.Retention), true)
	if err != nil {
		return fmt.Errorf("what is past its retention could not be removed, so nothing was published: %w", err)
	}
	for _, t := range pruned {
		if !t.Empty() {
			log.Info("pruned", "tenant_id", t.TenantID, "raw_days", len(t.Raw.Days), "tables", len(t.Tables))
		}
	}
	return nil
}

// RetentionOn is what the configuration keeps as of a day.
func RetentionOn(day time.Time, r config.Retention) (kept erase.Retention) {
	for _, layer := range []struct {
		age   config.Age
		first *time.Time
	}{{r.Raw, &kept.Raw}, {r.Lake, &kept.Lake}, {r.History, &kept.History}} {
		if layer.age.IsSet() {
			*layer.first = layer.age.Before(day)
		}
	}
	return kept
}

// tenantName is a tenant's name in the configuration, or else its id.
func tenantName(c config.Config, id string) string {
	for _, t := range c.Tenants {
		if t.TenantID == id {
			return t.Name
		}
	}
	return id
}
