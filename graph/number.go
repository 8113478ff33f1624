package graph

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"m365lake/graph/wire"
	"m365lake/internal/text"
)

// Number asks for a resource that is a whole number in plain text, such as /v1.0/users/$count, with the header
// ConsistencyLevel: eventual, without which Graph counts no users. A status of 400 or more is an *Error.
// Source: learn.microsoft.com/graph/api/user-list, example 8 ("count").
func (c *Client) Number(ctx context.Context, path string) (int64, error) {
	u, err := c.resolve(path)
	if err != nil {
		return 0, err
	}
	resp, err := c.get(ctx, u, http.Header{"Accept": {"text/plain"}, "ConsistencyLevel": {"eventual"}})
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return 0, c.unexpected(resp, u.Path)
	}
	const longest = 40
	body, err := io.ReadAll(io.LimitReader(resp.Body, longest))
	if err != nil {
		if ctx.Err() != nil {
			return 0, wire.Stopped(ctx, u.Path)
		}
		return 0, fmt.Errorf("%s: %w", u.Path, err)
	}
	// Graph was seen to begin the answer with a byte order mark.
	n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimPrefix(string(body), "\ufeff")), 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s: the answer is no number: %s", u.Path, strconv.Quote(text.OneLine(string(body), longest)))
	}
	return n, nil
}
