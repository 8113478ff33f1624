package provision

import (
	"context"
	"errors"

	"m365lake/graph"
	"m365lake/internal/ids"
)

const groupProperties = "$select=id,displayName,groupTypes,mailEnabled,securityEnabled,onPremisesSyncEnabled,isAssignableToRole,assignedLicenses"

// findGroups finds a group by its id, or all that have the name: names are not unique.
func (d *Directory) findGroups(ctx context.Context, name string) ([]*group, error) {
	if ids.IsGUID(name) {
		g := &group{}
		err := d.get(ctx, "/groups/"+segment(name)+"?"+groupProperties, g)
		switch {
		case errors.Is(err, errNotThere):
			return nil, nil
		case err != nil:
			return nil, err
		}
		g.settled()
		return []*group{g}, nil
	}
	found, err := list[*group](ctx, d, "/groups?"+groupProperties+"&$filter=displayName eq "+quoted(name))
	if err != nil {
		return nil, err
	}
	for _, g := range found {
		g.settled()
	}
	return found, nil
}

// groupsByID reads groups; those that do not exist are left out.
func (d *Directory) groupsByID(ctx context.Context, ids []string) ([]*group, error) {
	requests := make([]graph.BatchRequest, len(ids))
	for i, id := range ids {
		requests[i].Path = "/groups/" + segment(id) + "?" + groupProperties
	}
	responses, err := d.Client.Batch(ctx, requests)
	if err != nil {
		return nil, err
	}
	var found []*group
	for _, r := range responses {
		switch {
		case errors.Is(notThere(r.Err), errNotThere):
			continue
		case r.Err != nil:
			return nil, r.Err
		}
		g := &group{}
		if err := decode(r.Body, "/groups", g); err != nil {
			return nil, err
		}
		g.settled()
		found = append(found, g)
	}
	return found, nil
}
