package tenant

import (
	"context"
	"errors"
	"strings"

	"m365lake/internal/ids"
	"m365lake/provision"
)

// ReadFacet returns the part of the tenant that the step's Before and After name, as it is now. What an
// account that is not live would say stays out, so that it is like nothing that was wanted.
//
// Graph answers from replicas: for seconds after a write it may still show the former state.
// Source: https://learn.microsoft.com/graph/api/overview ("Reads can lag recent writes").
func (d *Client) ReadFacet(ctx context.Context, step provision.Step) (provision.Facet, error) {
	named := step.Before.With(step.After)
	a, err := d.readAccount(ctx, step.User.Key())
	if err != nil {
		return provision.Facet{}, err
	}
	live := a.Facet(named)
	if len(named.Groups) == 0 || a.State != provision.Live {
		return live, nil
	}
	member, err := d.memberships(ctx, a.ID)
	if errors.Is(err, ErrNotFound) { // deleted in between
		return provision.Facet{Account: provision.Absent}, nil
	}
	if err != nil {
		return provision.Facet{}, err
	}
	live.Groups = map[string]bool{}
	for group := range named.Groups {
		live.Groups[group] = member[group]
	}
	return live, nil
}

// FindUser finds a user by id or sign-in name and says whether the account is live, deleted or absent.
// Deleted accounts are found by id alone. An absent one is named as it was asked for.
func (d *Client) FindUser(ctx context.Context, key string) (provision.User, provision.AccountState, error) {
	a, err := d.readAccount(ctx, key)
	switch {
	case err != nil:
		return provision.User{}, "", err
	case a.State == provision.Absent && ids.IsGUID(key):
		return provision.User{ID: strings.ToLower(key)}, provision.Absent, nil
	case a.State == provision.Absent:
		return provision.User{UserPrincipalName: key}, provision.Absent, nil
	}
	return a.User(), a.State, nil
}

// memberships are the groups that have the user as a direct member, by id in lower case.
// Source: https://learn.microsoft.com/graph/api/user-list-memberof
func (d *Client) memberships(ctx context.Context, userID string) (map[string]bool, error) {
	groups, err := list[struct{ ID string }](ctx, d, "/users/"+segment(userID)+"/memberOf?$select=id&$top=999")
	if err != nil {
		return nil, err
	}
	member := map[string]bool{}
	for _, g := range groups {
		member[strings.ToLower(g.ID)] = true
	}
	return member, nil
}
