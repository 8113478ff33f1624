package erase

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
)

// A LostListError says that somebody was forgotten in a tenant and that the list no longer says so: with
// Microsoft's next reports the people would be back.
type LostListError struct {
	List     string // the file
	TenantID string
}

func (e *LostListError) Error() string {
	return fmt.Sprintf("people of tenant %s were forgotten, and %s does not say who; restore it from a backup, or if "+
		"there is none run m365lake sync --accept-loss once and forget again whoever comes back with Microsoft's reports",
		e.TenantID, e.List)
}

// RefuseLostList returns a LostListError if the list of who was forgotten got lost, and an error if it cannot
// be read. That somebody was forgotten is seen from what is kept elsewhere: the mark of a tenant, which tells
// for how many people its files were looked through, and the empty rows of users.
func (e Eraser) RefuseLostList(ctx context.Context) error {
	_, unlisted, err := e.unlistedTenants(ctx)
	if err != nil {
		return err
	}
	for _, t := range unlisted {
		if len(t.buried) > 0 || markedPeople(e.Folder, t.id) {
			return &LostListError{e.Folder.Forgotten(), t.id}
		}
	}
	return nil
}

// AcceptLostList goes on without a list that got lost: it begins a new one with the keys of the people who
// were forgotten. Their names are known to nobody any more.
func (e Eraser) AcceptLostList(ctx context.Context) error {
	list, unlisted, err := e.unlistedTenants(ctx)
	if err != nil {
		return err
	}
	known := len(list.People)
	for _, t := range unlisted {
		for _, key := range t.buried {
			list.People = append(list.People, Person{TenantID: t.id, UserKey: key, ForgottenOn: e.Day.Format(time.DateOnly)})
		}
		if err := os.Remove(e.Folder.ErasedMark(t.id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if len(list.People) == known {
		return nil
	}
	return list.Write(e.Folder)
}

// An unlistedTenant is a tenant of the lake none of whose people the list names, and the user_keys of those who
// were forgotten all the same.
type unlistedTenant struct {
	id     string
	buried []int32
}

func (e Eraser) unlistedTenants(ctx context.Context) (list List, unlisted []unlistedTenant, err error) {
	if list, err = ReadList(e.Folder); err != nil {
		return list, nil, err
	}
	tenants, err := e.lake().Tenants(&schemas.Users)
	if err != nil {
		return list, nil, err
	}
	for _, id := range tenants {
		if len(list.ofTenant(id)) > 0 {
			continue
		}
		keys, err := e.buriedKeys(ctx, id)
		if err != nil {
			return list, nil, err
		}
		unlisted = append(unlisted, unlistedTenant{id, keys})
	}
	return list, unlisted, nil
}

// buriedKeys are the user_keys of a tenant's people who were forgotten, as users tells them apart from those
// whose names were removed because of their age.
func (e Eraser) buriedKeys(ctx context.Context, tenantID string) (keys []int32, err error) {
	for rows, err := range e.lake().Read(ctx, &schemas.Users, tenantID, "user_key", "user_id") {
		if err != nil {
			return nil, err
		}
		numbers, ids := rows.Column(0).(*array.Int32), rows.Column(1).(*array.String)
		for i, key := range numbers.Values() {
			if ids.Value(i) == forgottenID(key) {
				keys = append(keys, key)
			}
		}
	}
	return keys, nil
}
