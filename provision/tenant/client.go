package tenant

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"m365lake/graph"
)

// A Client is the live tenant: what it is now, and the calls that change it.
type Client struct {
	Graph      *graph.Client
	TenantID   string
	TenantName string
	Root       string // of the cloud's Graph, such as https://graph.microsoft.com: references need it

	// NewPassword keeps the first password of an account that is about to be made. nil: nobody ever
	// sees it, and an administrator resets it before the first sign-in.
	NewPassword func(userPrincipalName, password string) error
}

const apiVersion = "/v1.0"

// get reads one resource. What does not exist is errNotThere.
func (d *Client) get(ctx context.Context, path string, into any) error {
	for page, err := range d.Graph.Pages(ctx, apiVersion+path) {
		if err != nil {
			return notThere(err)
		}
		return decode(page.Body, path, into)
	}
	return nil
}

// ErrNotFound says that Graph knows no such object.
var ErrNotFound = errors.New("there is no such object")

func notThere(err error) error {
	var refusal *graph.Error
	if errors.As(err, &refusal) && refusal.NotFound() {
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return err
}

// list reads a collection to its end. path may be a link that Graph gave.
func list[T any](ctx context.Context, d *Client, path string) ([]T, error) {
	var all []T
	if strings.HasPrefix(path, "/") {
		path = apiVersion + path
	}
	for page, err := range d.Graph.Pages(ctx, path) {
		if err != nil {
			return nil, notThere(err)
		}
		var one struct{ Value []T }
		if err := decode(page.Body, path, &one); err != nil {
			return nil, err
		}
		all = append(all, one.Value...)
	}
	return all, nil
}

// decode reads an answer. Its error names the path without the query, which may name people.
func decode(body []byte, path string, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		path, _, _ = strings.Cut(path, "?")
		return fmt.Errorf("%s: the answer cannot be read: %w", path, err)
	}
	return nil
}

// segment makes an id or a name a part of a path.
func segment(key string) string { return url.PathEscape(key) }

// quoted is a text within a filter.
func quoted(text string) string {
	return "'" + strings.ReplaceAll(url.QueryEscape(strings.ReplaceAll(text, "'", "''")), "+", "%20") + "'"
}
