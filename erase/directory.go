package erase

import (
	"context"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
)

// A listedPerson is somebody of the table users.
type listedPerson struct {
	key     int32
	id      string
	names   []string // id, sign-in name and address, as far as there are any
	deleted bool     // the directory no longer lists the account
}

// listedPeople are the people of users, but for those who were forgotten, any of whose names is wanted.
func (e Eraser) listedPeople(
	ctx context.Context, tenantID string, wanted func(name string) bool,
) (found []listedPerson, err error) {
	columns := []string{"user_key", "user_id", "user_principal_name", "mail", "deleted_at"}
	for rows, err := range e.lake().Read(ctx, &schemas.Users, tenantID, columns...) {
		if err != nil {
			return nil, err
		}
		keys := rows.Column(0).(*array.Int32)
		for i := range int(rows.NumRows()) {
			person := listedPerson{key: keys.Value(i), deleted: rows.Column(4).IsValid(i)}
			for c := 1; c <= 3; c++ {
				if text := rows.Column(c).(*array.String); text.IsValid(i) {
					person.names = append(person.names, text.Value(i))
				}
			}
			if !slices.ContainsFunc(person.names, wanted) || person.names[1] == ForgottenName(person.key) {
				continue
			}
			for n, name := range person.names {
				person.names[n] = strings.Clone(name) // the batch's memory is about to be used again
			}
			person.id = person.names[0]
			found = append(found, person)
		}
	}
	return found, nil
}

// formerPeople are the people of users any of whose earlier sign-in names or addresses is wanted.
func (e Eraser) formerPeople(
	ctx context.Context, tenantID string, wanted func(name string) bool,
) ([]listedPerson, error) {
	keys := map[int32]bool{}
	err := e.eachKeyName(ctx, &schemas.UserHistory, tenantID, func(key int32, name string) {
		keys[key] = keys[key] || wanted(name)
	})
	if err != nil {
		return nil, err
	}
	people, err := e.listedPeople(ctx, tenantID, func(string) bool { return true })
	return slices.DeleteFunc(people, func(p listedPerson) bool { return !keys[p.key] }), err
}

// allNames are the names of a person in all tables, without those that somebody else has today.
func (e Eraser) allNames(ctx context.Context, tenantID string, person listedPerson) ([]string, error) {
	all := slices.Clone(person.names)
	for _, table := range []*schemas.Table{&schemas.UserHistory, &schemas.SSORoster, &schemas.HRISRoster} {
		err := e.eachKeyName(ctx, table, tenantID, func(key int32, name string) {
			if key == person.key && !slices.Contains(all, name) {
				all = append(all, strings.Clone(name))
			}
		})
		if err != nil {
			return nil, err
		}
	}
	others, err := e.listedPeople(ctx, tenantID, func(name string) bool { return containsFold(all, name) })
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(name string) bool {
		return slices.ContainsFunc(others, func(o listedPerson) bool {
			return o.key != person.key && containsFold(o.names, name)
		})
	}), nil
}

// containsFold says whether a name is among others, in whatever case.
func containsFold(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// eachKeyName hands out the sign-in names and addresses of a table with the keys of their users. A name
// is good until the call returns.
func (e Eraser) eachKeyName(
	ctx context.Context, table *schemas.Table, tenantID string, use func(key int32, name string),
) error {
	columns := []string{"user_key"}
	for _, c := range table.Columns {
		if c.Disclosure() == schemas.Identifies && c.Type.Name == schemas.Text.Name && c.Name != "employee_id" {
			columns = append(columns, c.Name)
		}
	}
	for rows, err := range e.lake().Read(ctx, table, tenantID, columns...) {
		if err != nil {
			return err
		}
		keys := rows.Column(0).(*array.Int32)
		for c := 1; c < len(columns); c++ {
			text := rows.Column(c).(*array.String)
			for i := range text.Len() {
				if keys.IsValid(i) && text.IsValid(i) {
					use(keys.Value(i), text.Value(i))
				}
			}
		}
	}
	return nil
}
