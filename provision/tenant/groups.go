package tenant

import (
	"context"
	"errors"

	"m365lake/graph"
	"m365lake/internal/ids"
	"m365lake/provision/snapshot"
)

const groupProperties = "$select=id,displayName,groupTypes,mailEnabled,securityEnabled,onPremisesSyncEnabled," +
	"isAssignableToRole,assignedLicenses"

// findGroups finds a group by its id, or all that have the name: names are not unique.
func (d *Client) findGroups(ctx context.Context, name string) ([]*snapshot.Group, error) {
	if ids.IsGUID(name) {
		g := &snapshot.Group{}
		err := d.get(ctx, "/groups/"+segment(name)+"?"+groupProperties, g)
		switch {
		case errors.Is(err, ErrNotFound):
			return nil, nil
		case err != nil:
			return nil, err
		}
		g.Normalize()
		return []*snapshot.Group{g}, nil
	}
	found, err := list[*snapshot.Group](ctx, d, "/groups?"+groupProperties+"&$filter=displayName eq "+quoted(name))
	if err != nil {
		return nil, err
	}
	for _, g := range found {
		g.Normalize()
	}
	return found, nil
}

// groupsByID reads groups; those that do not exist are left out.
func (d *Client) groupsByID(ctx context.Context, ids []string) ([]*snapshot.Group, error) {
	requests := make([]graph.BatchRequest, len(ids))
	for i, id := range ids {
		requests[i].Path = "/groups/" + segment(id) + "?" + groupProperties
	}
	responses, err := d.Graph.Batch(ctx, requests)
	if err != nil {
		return nil, err
	}
	var found []*snapshot.Group
	for _, r := range responses {
		switch {
		case errors.Is(notThere(r.Err), ErrNotFound):
			continue
		case r.Err != nil:
			return nil, r.Err
		}
		g := &snapshot.Group{}
		if err := decode(r.Body, "/groups", g); err != nil {
			return nil, err
		}
		g.Normalize()
		found = append(found, g)
	}
	return found, nil
}
