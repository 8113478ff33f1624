package erase

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A WhoError says that it is not clear who is to be forgotten; nothing was done.
type WhoError struct{ text string }

func (e *WhoError) Error() string { return e.text }

func whoError(format string, args ...any) error { return &WhoError{fmt.Sprintf(format, args...)} }

// A Forgetting is what was done to forget a person.
type Forgetting struct {
	Erased
	UserKey     int32    // of the person; 0 for somebody who never had one
	Names       []string // by which files know the person
	Listed      bool     // the directory listed the account in the last sync, so that the next brings it back
	Before      bool     // the person was in the list already
	ForgottenOn string   // the day on which that was, YYYY-MM-DD
}

// Forget removes a person from the raw files and the lake of a tenant. The person is known by user, a
// sign-in name, a mail address or an Entra object id, also an earlier one; tenants are the ids of those to
// look in. It writes down who is to be forgotten before it does anything else, so that an interruption is
// harmless: it can be done again, and the next run goes on with it.
//
// It returns a WhoError if nobody or several people are meant, and what was done so far with any other.
func (e Eraser) Forget(ctx context.Context, user string, tenants []string) (done Forgetting, err error) {
	user = strings.TrimSpace(user)
	if err := e.RefuseLostList(ctx); err != nil {
		return done, err
	}
	list, err := ReadList(e.Folder)
	if err != nil {
		return done, err
	}
	person, tenantID, err := e.findPerson(ctx, list, user, tenants)
	if err != nil {
		return done, err
	}
	others := list.ofTenant(tenantID)
	at := list.Find(tenantID, user)
	done = Forgetting{
		Erased: Erased{TenantID: tenantID}, UserKey: person.key, Names: person.names, Listed: !person.deleted,
	}
	if done.Before = at >= 0; done.Before {
		others = slices.DeleteFunc(others, func(p Person) bool { return slices.Equal(p.Names, list.People[at].Names) })
	} else {
		at = len(list.People)
		list.People = append(list.People, Person{TenantID: tenantID, ForgottenOn: e.Day.Format(time.DateOnly)})
	}
	forgotten := &list.People[at]
	done.ForgottenOn = forgotten.ForgottenOn
	if person.key != 0 {
		forgotten.UserKey = person.key
	}
	list.addNames(forgotten, person.names)
	if err := list.Write(e.Folder); err != nil {
		return done, err
	}

	// Everybody else is looked for in the files that are new, so that the mark can be set for all of them.
	if len(others) > 0 {
		if _, err := e.keepOutOf(ctx, tenantID, list, others); err != nil {
			return done, unfinished(err)
		}
	}
	people, _, err := e.matcher(ctx, tenantID, list, []Person{*forgotten})
	if err == nil {
		done.Erased, err = e.erase(ctx, tenantID, people, mark{})
	}
	if err != nil {
		return done, unfinished(err)
	}
	if done.Rows() == 0 && !done.Before {
		list.People = slices.Delete(list.People, at, at+1)
		if err := list.Write(e.Folder); err != nil {
			return done, err
		}
		return done, whoError("nobody is called %q in %s; m365lake query "+
			"\"SELECT user_principal_name, user_id FROM users\" shows who there is", user, e.Folder.Root)
	}
	return done, e.setMark(ctx, tenantID, list.ofTenant(tenantID), mark{})
}

func unfinished(err error) error {
	return fmt.Errorf("%w; the person is not forgotten yet: run forget again", err)
}

// findPerson finds out whom the user means, in which tenant, and all names by which files may know them.
func (e Eraser) findPerson(
	ctx context.Context, list List, user string, tenants []string,
) (person listedPerson, tenantID string, err error) {
	wanted := func(name string) bool { return strings.EqualFold(name, user) }
	type found struct {
		listedPerson
		tenantID string
	}
	var all []found
	for _, id := range tenants {
		people, err := e.listedPeople(ctx, id, wanted)
		if err == nil && len(people) == 0 {
			people, err = e.formerPeople(ctx, id, wanted)
		}
		if err != nil {
			return listedPerson{}, "", err
		}
		if len(people) == 0 && list.Find(id, user) >= 0 {
			people = []listedPerson{{deleted: true}} // an interrupted forgetting, or a later one
		}
		for _, person := range people {
			all = append(all, found{person, id})
		}
	}
	switch {
	case len(all) > 1:
		var ids []string
		for _, f := range all {
			ids = append(ids, f.id+" of tenant "+f.tenantID)
		}
		return listedPerson{}, "", whoError("%q is the name of several: name one by the id, "+
			"and --tenant where that is not enough: %s", user, strings.Join(ids, ", "))
	case len(all) == 0 && len(tenants) != 1:
		return listedPerson{}, "", whoError("no directory knows %q; "+
			"if only reports do, name the tenant with --tenant", user)
	case len(all) == 0:
		return listedPerson{names: []string{user}, deleted: true}, tenants[0], nil
	}
	person, tenantID = all[0].listedPerson, all[0].tenantID
	person.names = append(person.names, user)
	if person.key == 0 {
		return person, tenantID, nil
	}
	person.names, err = e.allNames(ctx, tenantID, person)
	return person, tenantID, err
}
