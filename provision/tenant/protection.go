package tenant

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"m365lake/graph"
	"m365lake/provision"
)

// ReadProtected says which of the users no plan may change and why, by user id (by sign-in name for one
// that has no id yet). Roles that come through groups count, and so do groups within groups.
//
// A protection that names a role or a group that does not exist is an error: the person who
// wrote it believes that it protects somebody. Roles that are only eligible are not seen: the tenant's roles are
// those that are active now.
func (d *Client) ReadProtected(
	ctx context.Context, users []provision.User, protections []provision.Protection, admins bool,
) (map[string]provision.Refusal, error) {
	rules, err := d.ReadProtectionRules(ctx, protections, admins)
	if err != nil {
		return nil, err
	}
	groups := make([][]Membership, len(users))
	if rules.NeedGroups() {
		if groups, err = d.groupsOf(ctx, users); err != nil {
			return nil, err
		}
	}
	protected := map[string]provision.Refusal{}
	for i, u := range users {
		if r := rules.RefusalFor(u, groups[i]); r != nil {
			protected[u.Key()] = *r
		}
	}
	return protected, nil
}

// A Membership is a group, an administrative unit or a role that a user is in.
type Membership struct {
	ID, DisplayName string
}

// groupsOf reads what each user is in, directly or through groups. Users without an id are in none.
// Source: https://learn.microsoft.com/graph/api/user-list-transitivememberof
func (d *Client) groupsOf(ctx context.Context, users []provision.User) ([][]Membership, error) {
	groups := make([][]Membership, len(users))
	var asked []int
	var requests []graph.BatchRequest
	for i, u := range users {
		if u.ID != "" {
			asked = append(asked, i)
			requests = append(requests, graph.BatchRequest{
				Path: "/users/" + segment(u.ID) + "/transitiveMemberOf?$select=id,displayName&$top=999"})
		}
	}
	lists, err := batchLists[Membership](ctx, d, requests)
	if err != nil {
		return nil, err
	}
	for n, i := range asked {
		groups[i] = lists[n]
	}
	return groups, nil
}

// TransitiveGroups reads what a user is in, directly or through groups.
func (d *Client) TransitiveGroups(ctx context.Context, userID string) ([]Membership, error) {
	return list[Membership](ctx, d, "/users/"+segment(userID)+"/transitiveMemberOf?$select=id,displayName&$top=999")
}

// batchLists reads a collection for each request; what does not exist is empty.
func batchLists[T any](ctx context.Context, d *Client, requests []graph.BatchRequest) ([][]T, error) {
	responses, err := d.Graph.Batch(ctx, requests)
	if err != nil {
		return nil, err
	}
	lists := make([][]T, len(requests))
	for i, r := range responses {
		if r.Err != nil {
			if errors.Is(notThere(r.Err), ErrNotFound) {
				continue
			}
			return nil, r.Err
		}
		var page struct {
			Value []T
			Next  string `json:"@odata.nextLink"`
		}
		if err := decode(r.Body, requests[i].Path, &page); err != nil {
			return nil, err
		}
		lists[i] = page.Value
		if page.Next != "" {
			rest, err := list[T](ctx, d, page.Next)
			if err != nil {
				return nil, err
			}
			lists[i] = append(lists[i], rest...)
		}
	}
	return lists, nil
}

// ProtectionRules are the protections, made ready to ask.
type ProtectionRules struct {
	accounts map[string]provision.Protection // by id or sign-in name in lower case
	groups   map[string]provision.Protection // by id in lower case
	patterns []pattern
	roles    map[string][]string // names of the roles that protect, by principal id
	why      map[string]string   // the reason that is given for a role, by its name
}

type pattern struct {
	match *regexp.Regexp
	provision.Protection
}

// NeedGroups reports whether RefusalFor has to be told what a user is in.
func (r *ProtectionRules) NeedGroups() bool { return len(r.groups)+len(r.roles) > 0 }

// ReadProtectionRules looks up what protections name; with admins, every role of the directory protects its
// holders. It returns an error when a named group or role does not exist, when a kind of protection is not
// known, and when roles matter and cannot be read: nobody who may be an administrator is to be changed.
func (d *Client) ReadProtectionRules(
	ctx context.Context, protections []provision.Protection, admins bool,
) (*ProtectionRules, error) {
	r := &ProtectionRules{accounts: map[string]provision.Protection{}, groups: map[string]provision.Protection{},
		roles: map[string][]string{}, why: map[string]string{}}
	var roles []provision.Protection
	for _, p := range protections {
		switch p.Kind {
		case provision.ProtectAccount:
			r.accounts[strings.ToLower(p.Value)] = p
		case provision.ProtectPattern:
			r.patterns = append(r.patterns, pattern{matchPattern(p.Value), p})
		case provision.ProtectRole:
			roles = append(roles, p)
		case provision.ProtectGroup:
			found, err := d.findGroups(ctx, p.Value)
			if err != nil {
				return nil, err
			}
			if len(found) == 0 {
				return nil, fmt.Errorf("protected_accounts protects the group %q, which does not exist; write its id, or "+
					"delete the row", p.Value)
			}
			for _, g := range found {
				r.groups[g.ID] = p
			}
		default: // people must not rely on a protection that the program does not understand
			return nil, fmt.Errorf("protected_accounts has a row of kind %q, which this program does not know", p.Kind)
		}
	}
	if admins || len(roles) > 0 {
		return r, d.readRoles(ctx, r, roles, admins)
	}
	return r, nil
}

// matchPattern reads a pattern in which * stands for any text.
func matchPattern(text string) *regexp.Regexp {
	parts := strings.Split(text, "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile("(?is)^" + strings.Join(parts, ".*") + "$")
}

// readRoles finds the principals whose roles protect: all roles, or the named ones.
// Source: https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
func (d *Client) readRoles(ctx context.Context, r *ProtectionRules, named []provision.Protection, all bool) error {
	definitions, err := list[struct{ ID, DisplayName, TemplateID string }](
		ctx, d, "/roleManagement/directory/roleDefinitions")
	if err != nil {
		return fmt.Errorf("who holds an administrator role cannot be read, so that nobody could be protected: %w (grant "+
			"RoleManagement.Read.Directory, or set protect_admins to false and protect no role)", err)
	}
	names := map[string]string{}
	for _, role := range definitions {
		names[strings.ToLower(role.ID)] = role.DisplayName
	}
	protects := map[string]bool{}
	for _, p := range named {
		known := false
		for _, role := range definitions {
			if strings.EqualFold(p.Value, role.DisplayName) || strings.EqualFold(p.Value, role.ID) ||
				strings.EqualFold(p.Value, role.TemplateID) {
				protects[strings.ToLower(role.ID)], known = true, true
				r.why[role.DisplayName] = p.Reason
			}
		}
		if !known {
			return fmt.Errorf("protected_accounts protects the role %q, which does not exist; write its name or id, or "+
				"delete the row", p.Value)
		}
	}
	assignments, err := list[struct{ PrincipalID, RoleDefinitionID string }](
		ctx, d, "/roleManagement/directory/roleAssignments")
	if err != nil {
		return fmt.Errorf("who holds an administrator role cannot be read, so that nobody could be protected: %w (grant "+
			"RoleManagement.Read.Directory)", err)
	}
	for _, a := range assignments {
		id, role := strings.ToLower(a.PrincipalID), strings.ToLower(a.RoleDefinitionID)
		if name := cmp.Or(names[role], role); (all || protects[role]) && !slices.Contains(r.roles[id], name) {
			r.roles[id] = append(r.roles[id], name)
		}
	}
	return nil
}

// RefusalFor says why a user is protected; nil if nothing does.
func (r *ProtectionRules) RefusalFor(u provision.User, groups []Membership) *provision.Refusal {
	for _, name := range []string{u.ID, u.UserPrincipalName} {
		if p, found := r.accounts[strings.ToLower(name)]; found && name != "" {
			return protectedBy("protected_account", p.Reason, "the account is protected")
		}
	}
	for _, p := range r.patterns {
		if p.match.MatchString(u.UserPrincipalName) {
			return protectedBy("protected_pattern", p.Reason, "accounts named like %s are protected", p.Value)
		}
	}
	holds := func(id, through string) *provision.Refusal {
		roles := r.roles[strings.ToLower(id)]
		if len(roles) == 0 {
			return nil
		}
		return protectedBy("protected_role", r.why[roles[0]],
			"the account holds the role %s%s, and administrators are protected", strings.Join(roles, ", "), through)
	}
	if no := holds(u.ID, ""); no != nil {
		return no
	}
	for _, g := range groups {
		if no := holds(g.ID, fmt.Sprintf(" through the group %q", cmp.Or(g.DisplayName, g.ID))); no != nil {
			return no
		}
	}
	for _, g := range groups {
		if p, found := r.groups[strings.ToLower(g.ID)]; found {
			return protectedBy("protected_group", p.Reason, "members of the group %q are protected", cmp.Or(g.DisplayName, g.ID))
		}
	}
	return nil
}

func protectedBy(code, reason, format string, args ...any) *provision.Refusal {
	no := provision.NewRefusal(code, format, args...)
	if reason != "" {
		no.Reason += " (" + reason + ")"
	}
	return no
}
