package provision

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"m365lake/graph"
	"m365lake/internal/ids"
)

// Read reads what a request names, and what that leads to: the groups that give an account a licence,
// and who of the users must not be changed.
func (d *Directory) Read(ctx context.Context, wanted Request, protections []Protection, protectAdmins bool) (*Tenant, error) {
	t := &Tenant{ID: d.TenantID, Name: d.TenantName, Accounts: map[string]*account{}, Groups: map[string][]*group{}}
	var err error
	if t.Products, err = d.products(ctx); err != nil {
		return nil, err
	}
	if t.Domains, err = d.verifiedDomains(ctx); err != nil {
		return nil, err
	}
	if t.Users, err = d.countUsers(ctx); err != nil {
		return nil, err
	}
	accounts, err := d.accounts(ctx, wanted.Users)
	if err != nil {
		return nil, err
	}
	for i, key := range wanted.Users {
		t.Accounts[key] = accounts[i]
	}
	if t.Former, err = d.formerAccounts(ctx, t, wanted.Restored); err != nil {
		return nil, err
	}
	if err := d.readGroups(ctx, t, wanted.Groups); err != nil {
		return nil, err
	}
	if t.Members, err = d.directGroups(ctx, t, wanted.Members); err != nil {
		return nil, err
	}
	t.Protected, err = d.Protected(ctx, t.People(), protections, protectAdmins)
	return t, err
}

// verifiedDomains are the tenant's domains. It refuses a sign-in to another tenant.
func (d *Directory) verifiedDomains(ctx context.Context) (map[string]bool, error) {
	organizations, err := list[struct {
		ID              string
		VerifiedDomains []struct{ Name string }
	}](ctx, d, "/organization?$select=id,verifiedDomains")
	if err != nil {
		return nil, err
	}
	domains := map[string]bool{}
	for _, o := range organizations {
		if !strings.EqualFold(o.ID, d.TenantID) {
			return nil, fmt.Errorf("signed in to the tenant %s, not to %s; check tenant_id and client_id", o.ID, d.TenantID)
		}
		for _, domain := range o.VerifiedDomains {
			domains[strings.ToLower(domain.Name)] = true
		}
	}
	return domains, nil
}

// formerAccounts finds deleted accounts that are called by their former sign-in names: deletion puts
// the id, without dashes, before the name.
func (d *Directory) formerAccounts(ctx context.Context, t *Tenant, names []string) (map[string][]*account, error) {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		a := t.Accounts[name]
		return a == nil || a.state != Absent
	})
	if len(names) == 0 {
		return nil, nil
	}
	deleted, err := list[*account](ctx, d, "/directory/deletedItems/microsoft.graph.user?$select=id,displayName,userPrincipalName,deletedDateTime&$top=999")
	if err != nil {
		return nil, err
	}
	former := map[string][]*account{}
	for _, a := range deleted {
		a.ID, a.state = strings.ToLower(a.ID), Deleted
		name := strings.TrimPrefix(strings.ToLower(a.UserPrincipalName), strings.ReplaceAll(a.ID, "-", ""))
		if slices.Contains(names, name) {
			former[name] = append(former[name], a)
		}
	}
	return former, nil
}

// readGroups reads the groups that are asked for, and those that give an account a licence.
func (d *Directory) readGroups(ctx context.Context, t *Tenant, wanted []string) error {
	keys := map[string]bool{}
	for _, key := range wanted {
		keys[key] = true
	}
	for key := range t.Accounts {
		if a := t.Account(key); a != nil && a.state == Live {
			for _, id := range a.givingGroups() {
				keys[id] = true
			}
		}
	}
	var byID []string
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if ids.IsGUID(key) {
			byID = append(byID, key)
			continue
		}
		found, err := d.findGroups(ctx, key)
		if err != nil {
			return err
		}
		t.Groups[key] = found
		for _, g := range found {
			t.Groups[g.ID] = []*group{g}
		}
	}
	found, err := d.groupsByID(ctx, byID)
	for _, g := range found {
		t.Groups[g.ID] = []*group{g}
	}
	return err
}

// directGroups reads the groups that have these users as direct members.
func (d *Directory) directGroups(ctx context.Context, t *Tenant, keys []string) (map[string]map[string]bool, error) {
	var ids []string
	for _, key := range keys {
		if a := t.Account(key); a != nil && a.state == Live && !slices.Contains(ids, a.ID) {
			ids = append(ids, a.ID)
		}
	}
	requests := make([]graph.BatchRequest, len(ids))
	for i, id := range ids {
		requests[i].Path = "/users/" + segment(id) + "/memberOf?$select=id&$top=999"
	}
	lists, err := batchLists[groupRef](ctx, d, requests)
	if err != nil {
		return nil, err
	}
	members := map[string]map[string]bool{}
	for i, id := range ids {
		members[id] = map[string]bool{}
		for _, g := range lists[i] {
			members[id][strings.ToLower(g.ID)] = true
		}
	}
	return members, nil
}
