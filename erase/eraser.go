package erase

import (
	"context"
	"slices"
	"strings"
	"time"

	"m365lake/pipeline/datafolder"
	"m365lake/schemas"
)

// An Eraser erases in a data folder, whose lock the caller holds.
type Eraser struct {
	Folder datafolder.Folder
	Day    time.Time // of the run, in UTC
}

// Erased is what was erased of one tenant.
type Erased struct {
	TenantID string
	Raw      RawErased
	Lake     []TableErased
	// Returned is how many people who were forgotten the directory lists again, under new keys. They are
	// there by right and stay.
	Returned int
}

// Rows is how many records and rows were removed or changed.
func (e Erased) Rows() int64 {
	n := e.Raw.Records
	for _, t := range e.Lake {
		n += t.Removed + t.Emptied
	}
	return n
}

// KeepOut removes all forgotten people of all tenants from the files that no run has searched yet: those of this
// run and those of earlier runs that died before they called it. A person whom the directory lists again has a new
// user_key and stays, because the directory decides. It must succeed before anything is published. It returns what
// was erased of each tenant that has forgotten people.
func (e Eraser) KeepOut(ctx context.Context) (all []Erased, err error) {
	if !datafolder.Exists(e.Folder.Forgotten()) {
		return nil, nil
	}
	list, err := ReadList(e.Folder)
	if err != nil {
		return nil, err
	}
	for _, tenantID := range list.tenants() {
		erased, err := e.keepOutOf(ctx, tenantID, list, list.ofTenant(tenantID))
		if err != nil {
			return all, err
		}
		all = append(all, erased)
	}
	return all, nil
}

// keepOutOf removes people of a tenant from the files that are not under the tenant's mark for them, and
// then sets the mark.
func (e Eraser) keepOutOf(ctx context.Context, tenantID string, list List, people []Person) (Erased, error) {
	matcher, returned, err := e.matcher(ctx, tenantID, list, people)
	if err != nil {
		return Erased{}, err
	}
	done := readMark(e.Folder, tenantID, digestPeople(people))
	erased, err := e.erase(ctx, tenantID, matcher, done)
	erased.Returned = returned
	if err != nil {
		return erased, err
	}
	return erased, e.setMark(ctx, tenantID, people, done)
}

// erase removes people from the files of a tenant that are not under the mark.
func (e Eraser) erase(ctx context.Context, tenantID string, people *Matcher, done mark) (erased Erased, err error) {
	erased.TenantID = tenantID
	if erased.Raw, err = e.eraseRaw(ctx, tenantID, people, done); err != nil {
		return erased, err
	}
	erased.Lake, err = e.eraseLake(ctx, tenantID, people, done)
	return erased, err
}

// setMark puts all files of a tenant under the mark, unless they are.
func (e Eraser) setMark(ctx context.Context, tenantID string, people []Person, before mark) error {
	now := mark{people: digestPeople(people), files: map[fingerprint]bool{}}
	if err := e.rawFingerprints(tenantID, now.files); err != nil {
		return err
	}
	if err := e.lakeFingerprints(ctx, tenantID, now.files); err != nil {
		return err
	}
	if now.people == before.people && len(now.files) == len(before.files) && now.within(before) {
		return nil
	}
	return now.write(e.Folder, tenantID)
}

// within says whether all files of a mark are under another.
func (m mark) within(other mark) bool {
	for f := range m.files {
		if !other.files[f] {
			return false
		}
	}
	return true
}

// matcher returns a Matcher of people of a tenant. It does not match names that the table users has under another
// key: those of accounts that came back, and of other people who have such a name today. returned is how many
// such users there are.
func (e Eraser) matcher(
	ctx context.Context, tenantID string, list List, people []Person,
) (m *Matcher, returned int, err error) {
	m = list.Matcher(people...)
	found, err := e.listedPeople(ctx, tenantID, m.Matches)
	if err != nil {
		return nil, 0, err
	}
	for _, person := range found {
		if !m.HasKey(person.key) {
			m.spare(person.names)
			returned++
		}
	}
	return m, returned, nil
}

// Tenants are the ids of the tenants of which the data folder has anything, in order, or the one that is
// named. It returns an error that is a WhoError if there is none.
func (e Eraser) Tenants(named string) (ids []string, err error) {
	inLake, err := e.lake().Tenants(&schemas.Users)
	if err != nil {
		return nil, err
	}
	inRaw, err := e.Folder.RawTenants()
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Concat(inLake, inRaw) {
		if (named == "" || strings.EqualFold(id, named)) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	switch {
	case len(ids) == 0 && named != "":
		return nil, whoError("there is no tenant %q in %s", named, e.Folder.Root)
	case len(ids) == 0:
		return nil, whoError("there is no data in %s; name the folder with --data", e.Folder.Root)
	}
	return ids, nil
}
