package erase

import (
	"context"
	"time"
)

// Retention says how far back data is kept: the first day of each layer that stays. A zero time keeps
// everything.
type Retention struct {
	Raw  time.Time // run days of raw files
	Lake time.Time // days of the dated files of the lake
	// History is the first day of versions of users and licences that ended, and of numbers that count people.
	History time.Time
}

// Pruned is what is past its retention of one tenant.
type Pruned struct {
	TenantID string
	Raw      OldRaw
	Tables   []OldTable
}

// Empty says whether nothing is past its retention.
func (p Pruned) Empty() bool { return len(p.Raw.Days)+len(p.Tables) == 0 }

// Prune finds what is past its retention in all tenants of the data folder, and removes it if remove is
// set. The newest day of each series, such as one report over one period, always stays, and so does
// every user_key. With an error it returns what was done so far.
func (e Eraser) Prune(ctx context.Context, r Retention, remove bool) (all []Pruned, err error) {
	tenants, err := e.Tenants("")
	if err != nil {
		return nil, err
	}
	for _, id := range tenants {
		p := Pruned{TenantID: id}
		if !r.Raw.IsZero() {
			p.Raw, err = e.pruneRaw(id, r.Raw, remove)
		}
		if err == nil {
			p.Tables, err = e.pruneLake(ctx, id, r, remove)
		}
		all = append(all, p)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}
