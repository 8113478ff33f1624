package snapshot

import (
	"maps"
	"slices"

	"m365lake/provision"
)

// A Request is what a plan needs to know of a tenant. All keys are in lower case and stand there once.
type Request struct {
	Users    []string // object ids or sign-in names
	Restored []string // those of Users to be looked for among the deleted accounts, by their former names
	Members  []string // those of Users whose direct groups matter
	Groups   []string // ids or display names
}

// A Tenant is a part of a tenant as Graph had it when it was read: what one plan needs.
type Tenant struct {
	ID       string
	Name     string
	Users    int64           // accounts of the tenant
	Domains  map[string]bool // verified, in lower case
	Products Products        // by SKU id

	Accounts map[string]*Account   // by the key that was asked for; an absent one is there as absent
	Former   map[string][]*Account // deleted accounts, by the former sign-in name that was asked for
	// by the key that was asked for and by id; also those that give an account a licence
	Groups    map[string][]*Group
	Members   map[string]map[string]bool   // ids of the groups that have a user as a direct member, by user id
	Protected map[string]provision.Refusal // why a user must not be changed, by User.Key
}

// Account is the account that a key means; nil when it means none that was asked for, or several
// deleted ones.
func (t *Tenant) Account(key string) *Account {
	a := t.Accounts[key]
	if a == nil || a.State != provision.Absent || len(t.Former[key]) == 0 {
		return a
	}
	if len(t.Former[key]) > 1 {
		return nil
	}
	return t.Former[key][0]
}

// People are the users that were asked for, each once, those who are nowhere included.
func (t *Tenant) People() []provision.User {
	var users []provision.User
	for _, key := range slices.Sorted(maps.Keys(t.Accounts)) {
		if a := t.Account(key); a != nil && !slices.Contains(users, a.UserAs(key)) {
			users = append(users, a.UserAs(key))
		}
	}
	return users
}

// UserIDs are the ids of the accounts that were found, sorted.
func (t *Tenant) UserIDs() []string {
	var ids []string
	for _, user := range t.People() {
		if user.ID != "" {
			ids = append(ids, user.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
