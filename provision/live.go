package provision

import (
	"context"
	"errors"
	"strings"

	"m365lake/internal/ids"
)

// Live is the part of the tenant that the step's Before and After name, as it is now. What an
// account that is not live would say stays out, so that it is like nothing that was wanted.
//
// Graph answers from replicas: for seconds after a write it may still show the former state.
// Source: https://learn.microsoft.com/graph/api/overview ("Reads can lag recent writes").
func (d *Directory) Live(ctx context.Context, step Step) (Facet, error) {
	named := step.Before.With(step.After)
	a, err := d.account(ctx, step.User.key())
	if err != nil {
		return Facet{}, err
	}
	live := a.facet(named)
	if len(named.Groups) == 0 || a.state != Live {
		return live, nil
	}
	member, err := d.memberships(ctx, a.ID)
	if errors.Is(err, errNotThere) { // deleted in between
		return Facet{Account: Absent}, nil
	}
	if err != nil {
		return Facet{}, err
	}
	live.Groups = map[string]bool{}
	for group := range named.Groups {
		live.Groups[group] = member[group]
	}
	return live, nil
}

// Account finds a user by id or sign-in name and says whether the account is live, deleted or absent.
// Deleted accounts are found by id alone. An absent one is named as it was asked for.
func (d *Directory) Account(ctx context.Context, key string) (User, AccountState, error) {
	a, err := d.account(ctx, key)
	switch {
	case err != nil:
		return User{}, "", err
	case a.state == Absent && ids.IsGUID(key):
		return User{ID: strings.ToLower(key)}, Absent, nil
	case a.state == Absent:
		return User{UserPrincipalName: key}, Absent, nil
	}
	return a.user(), a.state, nil
}

// memberships are the groups that have the user as a direct member, by id in lower case.
// Source: https://learn.microsoft.com/graph/api/user-list-memberof
func (d *Directory) memberships(ctx context.Context, userID string) (map[string]bool, error) {
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
