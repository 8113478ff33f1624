package provision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"m365lake/graph"
)

// readTenant reads what all actions have in common.
func (p *planner) readTenant(ctx context.Context) (err error) {
	if p.products, err = p.directory.products(ctx); err != nil {
		return err
	}
	organizations, err := list[struct {
		ID              string
		VerifiedDomains []struct{ Name string }
	}](ctx, p.directory, "/organization?$select=id,verifiedDomains")
	if err != nil {
		return err
	}
	p.domains = map[string]bool{}
	for _, o := range organizations {
		if !strings.EqualFold(o.ID, p.directory.TenantID) {
			return fmt.Errorf("signed in to the tenant %s, not to %s; check tenant_id and client_id", o.ID, p.directory.TenantID)
		}
		for _, domain := range o.VerifiedDomains {
			p.domains[strings.ToLower(domain.Name)] = true
		}
	}
	p.users, err = p.directory.countUsers(ctx)
	return err
}

// countUsers asks for the number of accounts; where Graph does not count, it lists.
// Source: https://learn.microsoft.com/graph/aad-advanced-queries
func (d *Directory) countUsers(ctx context.Context) (int64, error) {
	eventual := http.Header{"ConsistencyLevel": {"eventual"}}
	for page, err := range d.Client.Pages(ctx, apiVersion+"/users?$select=id&$count=true&$top=1", eventual) {
		if err != nil {
			break // such as a B2C tenant, which cannot count
		}
		var counted struct {
			Count *int64 `json:"@odata.count"`
		}
		if json.Unmarshal(page.Body, &counted) == nil && counted.Count != nil {
			return *counted.Count, nil
		}
		break
	}
	var users int64
	for page, err := range d.Client.Pages(ctx, apiVersion+"/users?$select=id&$top=999") {
		if err != nil {
			return 0, err
		}
		users += int64(page.Values)
	}
	return users, nil
}

// readPeople reads every account that an action names, once.
func (p *planner) readPeople(ctx context.Context) error {
	keys := map[string]bool{}
	for _, r := range p.rows {
		if r.action.UndoOf != 0 {
			entry, known := p.in.Undo[r.action.UndoOf]
			if !known {
				r.refuse("unknown_entry", "the ledger has no entry %d to take back", r.action.UndoOf)
				continue
			}
			r.entry = &entry
		}
		keys[r.userKey()] = true
	}
	delete(keys, "")
	names := slices.Sorted(maps.Keys(keys))
	accounts, err := p.directory.accounts(ctx, names)
	if err != nil {
		return err
	}
	if err := p.findDeleted(ctx, names, accounts); err != nil {
		return err
	}
	byID := map[string]*person{}
	for i, name := range names {
		if accounts[i] == nil {
			continue // ambiguous
		}
		one := newPerson(name, accounts[i])
		if one.ID != "" {
			if same := byID[one.ID]; same != nil {
				one = same
			}
			byID[one.ID] = one
		}
		p.people[name] = one
	}
	for _, r := range p.rows {
		r.who = r.userKey()
		if one := p.people[r.who]; one != nil && one.ID != "" {
			r.who = one.ID
			p.people[one.ID] = one
		}
	}
	return nil
}

// accounts reads users by id or sign-in name: all live ones in batches, then the deleted by id.
func (d *Directory) accounts(ctx context.Context, names []string) ([]*account, error) {
	found := make([]*account, len(names))
	missing := make([]int, 0, len(names))
	ask := func(which []int, path func(string) string, state AccountState) (none []int, err error) {
		requests := make([]graph.BatchRequest, len(which))
		for n, i := range which {
			requests[n].Path = path(segment(names[i]))
		}
		responses, err := d.Client.Batch(ctx, requests)
		if err != nil {
			return nil, err
		}
		for n, i := range which {
			var refusal *graph.Error
			switch err := responses[n].Err; {
			case errors.As(err, &refusal) && (refusal.NotFound() || refusal.Status == http.StatusBadRequest): // 400: not even a name
				none = append(none, i)
				continue
			case err != nil:
				return nil, err
			}
			found[i] = &account{}
			if err := decode(responses[n].Body, "/users", found[i]); err != nil {
				return nil, err
			}
			found[i].settled()
			found[i].state = state
		}
		return none, nil
	}
	all := make([]int, len(names))
	for i := range all {
		all[i] = i
	}
	none, err := ask(all, func(key string) string { return "/users/" + key + accountProperties }, Live)
	if err != nil {
		return nil, err
	}
	for _, i := range none {
		if found[i] = (&account{state: Absent}); isGUID(names[i]) {
			missing = append(missing, i)
		}
	}
	_, err = ask(missing, func(key string) string {
		return "/directory/deletedItems/" + key + "?$select=id,displayName,userPrincipalName"
	}, Deleted)
	return found, err
}

// findDeleted finds accounts to restore that are called by their former sign-in names: deletion puts
// the id, without dashes, before the name. An ambiguous one becomes nil.
func (p *planner) findDeleted(ctx context.Context, names []string, accounts []*account) error {
	wanted := map[string]int{}
	for _, r := range p.rows {
		if r.action.Kind == RestoreUser {
			if i, found := slices.BinarySearch(names, r.userKey()); found && accounts[i].state == Absent {
				wanted[r.userKey()] = i
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	deleted, err := list[*account](ctx, p.directory, "/directory/deletedItems/microsoft.graph.user?$select=id,displayName,userPrincipalName,deletedDateTime&$top=999")
	if err != nil {
		return err
	}
	p.ambiguous = map[string]int{}
	for _, a := range deleted {
		a.ID = strings.ToLower(a.ID)
		name := strings.TrimPrefix(strings.ToLower(a.UserPrincipalName), strings.ReplaceAll(a.ID, "-", ""))
		i, is := wanted[name]
		if !is {
			continue
		}
		a.state = Deleted
		if p.ambiguous[name]++; p.ambiguous[name] == 1 {
			accounts[i] = a
		} else {
			accounts[i] = nil
		}
	}
	return nil
}

// readGroups reads the groups that actions name, and those that give somebody a licence.
func (p *planner) readGroups(ctx context.Context) error {
	names := map[string]bool{}
	for _, r := range p.rows {
		if g := strings.TrimSpace(r.action.Group); g != "" {
			names[strings.ToLower(g)] = true
		}
		if r.entry != nil {
			for id := range r.entry.Before.Groups {
				names[id] = true
			}
		}
	}
	for _, one := range p.people {
		for _, ways := range one.ways {
			for _, way := range ways {
				names[way.AssignedByGroup] = true
			}
		}
	}
	var ids []string
	for name := range names {
		if isGUID(name) {
			ids = append(ids, name)
			continue
		}
		found, err := p.directory.findGroups(ctx, name)
		if err != nil {
			return err
		}
		p.groups[name] = found
		for _, g := range found {
			p.groups[g.ID] = []*group{g}
		}
	}
	requests := make([]graph.BatchRequest, len(ids))
	for i, id := range ids {
		requests[i].Path = "/groups/" + segment(id) + "?" + groupProperties
	}
	responses, err := p.directory.Client.Batch(ctx, requests)
	if err != nil {
		return err
	}
	for i, r := range responses {
		switch {
		case errors.Is(notThere(r.Err), errNotThere):
			continue
		case r.Err != nil:
			return r.Err
		}
		g := &group{}
		if err := decode(r.Body, "/groups", g); err != nil {
			return err
		}
		g.settled()
		p.groups[ids[i]] = []*group{g}
	}
	return nil
}

// readMemberships reads the direct groups of those whose membership matters.
func (p *planner) readMemberships(ctx context.Context) error {
	var people []*person
	for _, r := range p.rows {
		one := p.people[r.who]
		matters := r.action.Group != "" || r.action.Basis == "duplicate" || r.entry != nil && len(r.entry.Before.Groups) > 0
		if matters && one != nil && one.state == Live && !slices.Contains(people, one) {
			people = append(people, one)
		}
	}
	requests := make([]graph.BatchRequest, len(people))
	for i, one := range people {
		requests[i].Path = "/users/" + segment(one.ID) + "/memberOf?$select=id&$top=999"
	}
	lists, err := batchLists[groupRef](ctx, p.directory, requests)
	if err != nil {
		return err
	}
	for i, one := range people {
		one.groups = map[string]bool{}
		for _, g := range lists[i] {
			one.groups[strings.ToLower(g.ID)] = true
		}
	}
	return nil
}

// readProtections asks who must not be touched.
func (p *planner) readProtections(ctx context.Context) error {
	var users []User
	for _, one := range p.people {
		if !slices.Contains(users, one.User) {
			users = append(users, one.User)
		}
	}
	protected, err := p.directory.Protected(ctx, users, p.in.Protections, p.in.Settings)
	if err != nil {
		return err
	}
	for _, one := range p.people {
		if no, is := protected[one.key()]; is {
			one.protected = &no
		}
	}
	return nil
}

// readWarehouse asks what is known of use, storage, names and prices.
func (p *planner) readWarehouse(ctx context.Context) (err error) {
	if p.in.Warehouse != nil {
		var ids []string
		for _, one := range p.people {
			if one.ID != "" {
				ids = append(ids, one.ID)
			}
		}
		slices.Sort(ids)
		ids = slices.Compact(ids)
		if p.known, err = readProductFacts(ctx, p.in.Warehouse, p.directory.TenantID); err != nil {
			return err
		}
		if p.facts, err = readUserFacts(ctx, p.in.Warehouse, p.directory.TenantID, ids); err != nil {
			return err
		}
		if p.findings, err = readFindings(ctx, p.in.Warehouse, ids); err != nil {
			return err
		}
	}
	for id, one := range p.products {
		if facts, known := p.known[id]; known {
			one.name = facts.name
			if facts.price != nil {
				p.prices[id] = *facts.price
			}
		}
		for _, key := range []string{one.part, id} { // what people write in the control database wins
			if price, known := p.in.Prices[strings.ToLower(key)]; known {
				p.prices[id] = price
			}
		}
	}
	return nil
}
