package tenant

import (
	"context"
	"errors"
	"net/http"

	"m365lake/graph"
)

// countUsers returns the number of accounts. Where Graph does not count them, such as in a B2C tenant, it
// lists them.
// Source: https://learn.microsoft.com/graph/aad-advanced-queries
func (d *Client) countUsers(ctx context.Context) (int64, error) {
	eventual := http.Header{"ConsistencyLevel": {"eventual"}}
	const path = "/users?$select=id&$count=true&$top=1"
	for page, err := range d.Graph.Pages(ctx, apiVersion+path, eventual) {
		if cannotCount(err) {
			break
		}
		if err != nil {
			return 0, err
		}
		var counted struct {
			Count *int64 `json:"@odata.count"`
		}
		if err := decode(page.Body, path, &counted); err != nil {
			return 0, err
		}
		if counted.Count == nil { // Graph took the query and left the count out
			break
		}
		return *counted.Count, nil
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

// cannotCount reports whether Graph refused the query as one that it does not support.
func cannotCount(err error) bool {
	var refusal *graph.Error
	return errors.As(err, &refusal) &&
		(refusal.Status == http.StatusBadRequest || refusal.Status == http.StatusNotImplemented)
}
