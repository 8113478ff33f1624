package tenant

import (
	"context"
	"encoding/json"
	"net/http"
)

// countUsers asks for the number of accounts; where Graph does not count, it lists.
// Source: https://learn.microsoft.com/graph/aad-advanced-queries
func (d *Client) countUsers(ctx context.Context) (int64, error) {
	eventual := http.Header{"ConsistencyLevel": {"eventual"}}
	for page, err := range d.Graph.Pages(ctx, apiVersion+"/users?$select=id&$count=true&$top=1", eventual) {
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
	for page, err := range d.Graph.Pages(ctx, apiVersion+"/users?$select=id&$top=999") {
		if err != nil {
			return 0, err
		}
		users += int64(page.Values)
	}
	return users, nil
}
