package tenant

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"m365lake/graph"
	"m365lake/internal/ids"
	"m365lake/provision"
	"m365lake/provision/snapshot"
)

// Read reads what a request names, and what that leads to: the groups that give an account a licence,
// and who of the users must not be changed.
func (d *Client) Read(
	ctx context.Context, wanted snapshot.Request, protections []provision.Protection, protectAdmins bool,
) (*snapshot.Tenant, error) {
	t := &snapshot.Tenant{ID: d.TenantID, Name: d.TenantName, Accounts: map[string]*snapshot.Account{},
		Groups: map[string][]*snapshot.Group{}}
	var err error
	if t.Products, err = d.ReadProducts(ctx); err != nil {
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
	t.Protected, err = d.ReadProtected(ctx, t.People(), protections, protectAdmins)
	return t, err
}

// verifiedDomains are the tenant's domains. It refuses a sign-in to another tenant.
func (d *Client) verifiedDomains(ctx context.Context) (map[string]bool, error) {
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
func (d *Client) formerAccounts(
	ctx context.Context, t *snapshot.Tenant, names []string,
) (map[string][]*snapshot.Account, error) {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		a := t.Accounts[name]
		return a == nil || a.State != provision.Absent
	})
	if len(names) == 0 {
		return nil, nil
	}
	deleted, err := list[*snapshot.Account](
		ctx, d,
		"/directory/deletedItems/microsoft.graph.user?$select=id,displayName,userPrincipalName,deletedDateTime&$top=999")
	if err != nil {
		return nil, err
	}
	former := map[string][]*snapshot.Account{}
	for _, a := range deleted {
		a.ID, a.State = strings.ToLower(a.ID), provision.Deleted
		name := strings.TrimPrefix(strings.ToLower(a.UserPrincipalName), strings.ReplaceAll(a.ID, "-", ""))
		if slices.Contains(names, name) {
			former[name] = append(former[name], a)
		}
	}
	return former, nil
}

// readGroups reads the groups that are asked for, and those that give an account a licence.
func (d *Client) readGroups(ctx context.Context, t *snapshot.Tenant, wanted []string) error {
	keys := map[string]bool{}
	for _, key := range wanted {
		keys[key] = true
	}
	for key := range t.Accounts {
		if a := t.Account(key); a != nil && a.State == provision.Live {
			for _, id := range a.LicensingGroups() {
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
			t.Groups[g.ID] = []*snapshot.Group{g}
		}
	}
	found, err := d.groupsByID(ctx, byID)
	for _, g := range found {
		t.Groups[g.ID] = []*snapshot.Group{g}
	}
	return err
}

// directGroups reads the groups that have these users as direct members.
func (d *Client) directGroups(
	ctx context.Context, t *snapshot.Tenant, keys []string,
) (map[string]map[string]bool, error) {
	var ids []string
	for _, key := range keys {
		if a := t.Account(key); a != nil && a.State == provision.Live && !slices.Contains(ids, a.ID) {
			ids = append(ids, a.ID)
		}
	}
	requests := make([]graph.BatchRequest, len(ids))
	for i, id := range ids {
		requests[i].Path = "/users/" + segment(id) + "/memberOf?$select=id&$top=999"
	}
	lists, err := batchLists[Membership](ctx, d, requests)
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
