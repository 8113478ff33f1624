package tenant

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"m365lake/graph"
	"m365lake/internal/ids"
	"m365lake/provision"
	"m365lake/provision/snapshot"
)

// accountProperties is what an account needs; most of it comes only when it is selected.
const accountProperties = "?$select=id,userPrincipalName,displayName,userType,accountEnabled,usageLocation," +
	"onPremisesSyncEnabled,signInSessionsValidFromDateTime,assignedLicenses,licenseAssignmentStates"

// account reads the user whose id or sign-in name key is. One that is nowhere is Absent.
func (d *Client) readAccount(ctx context.Context, key string) (*snapshot.Account, error) {
	a := &snapshot.Account{}
	err := d.get(ctx, "/users/"+segment(key)+accountProperties, a)
	if err == nil {
		return a.Normalize(), nil
	}
	if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	if !ids.IsGUID(key) { // the deleted are found by id alone: their names have changed
		return &snapshot.Account{State: provision.Absent}, nil
	}
	err = d.get(ctx, "/directory/deletedItems/"+segment(key)+"?$select=id,displayName,userPrincipalName", a)
	switch {
	case errors.Is(err, ErrNotFound):
		return &snapshot.Account{State: provision.Absent}, nil
	case err != nil:
		return nil, err
	}
	a.ID, a.State = strings.ToLower(a.ID), provision.Deleted
	return a, nil
}

// accounts reads users by id or sign-in name: all live ones in batches, then the deleted by id.
func (d *Client) accounts(ctx context.Context, names []string) ([]*snapshot.Account, error) {
	found := make([]*snapshot.Account, len(names))
	missing := make([]int, 0, len(names))
	ask := func(which []int, path func(string) string, state provision.AccountState) (none []int, err error) {
		requests := make([]graph.BatchRequest, len(which))
		for n, i := range which {
			requests[n].Path = path(segment(names[i]))
		}
		responses, err := d.Graph.Batch(ctx, requests)
		if err != nil {
			return nil, err
		}
		for n, i := range which {
			var refusal *graph.Error
			switch err := responses[n].Err; {
			// 400: not even a name
			case errors.As(err, &refusal) && (refusal.NotFound() || refusal.Status == http.StatusBadRequest):
				none = append(none, i)
				continue
			case err != nil:
				return nil, err
			}
			found[i] = &snapshot.Account{}
			if err := decode(responses[n].Body, "/users", found[i]); err != nil {
				return nil, err
			}
			found[i].Normalize()
			found[i].State = state
		}
		return none, nil
	}
	all := make([]int, len(names))
	for i := range all {
		all[i] = i
	}
	none, err := ask(all, func(key string) string { return "/users/" + key + accountProperties }, provision.Live)
	if err != nil {
		return nil, err
	}
	for _, i := range none {
		if found[i] = (&snapshot.Account{State: provision.Absent}); ids.IsGUID(names[i]) {
			missing = append(missing, i)
		}
	}
	_, err = ask(missing, func(key string) string {
		return "/directory/deletedItems/" + key + "?$select=id,displayName,userPrincipalName"
	}, provision.Deleted)
	return found, err
}
