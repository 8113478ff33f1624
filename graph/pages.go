package graph

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"

	"m365lake/graph/wire"
	"m365lake/internal/text"
)

// A Page is one response of a collection.
type Page struct {
	Body      []byte // as received
	URL       string
	RequestID string
	Values    int  // elements of "value"; 1 for a resource that is no collection
	More      bool // another page follows
}

// Pages lists the collection at path, such as "/v1.0/users?$select=id&$top=999", page by page. It
// may also be given a link that Graph returned. A page can be empty and still have others after it.
// A resource that is no collection, such as /v1.0/admin/reportSettings, is one page.
//
// The headers are sent with every page, because Graph does not carry ConsistencyLevel on in its
// links. Links are followed as they are, on the Graph host only.
//
// An error is the last thing yielded. The pages before it are not the collection: after
// ErrPageTokenExpired the caller begins again with nothing kept. A listing that leads back to a page it
// had before, or that has more than 20,000 pages, is an error too.
// Source: https://learn.microsoft.com/graph/paging
func (c *Client) Pages(ctx context.Context, path string, headers ...http.Header) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		u, err := c.resolve(path)
		seen := map[[sha256.Size]byte]bool{} // addresses of the pages so far
		for first := true; err == nil; first = false {
			seen[sha256.Sum256([]byte(u.String()))] = true
			var page Page
			var next string
			if page, next, err = c.page(ctx, u, first, headers); err != nil {
				break
			}
			page.More = next != ""
			if !yield(page, nil) || next == "" {
				return
			}
			u, err = c.follow(u, next, seen)
		}
		yield(Page{}, err)
	}
}

// follow checks the link to the next page of a listing.
func (c *Client) follow(from *url.URL, link string, seen map[[sha256.Size]byte]bool) (*url.URL, error) {
	to, err := url.Parse(link)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: the link to the next page is not an address", from.Path)
	case !c.host.owns(to):
		return nil, fmt.Errorf(
			"%s: the link to the next page leads away from %s, to %q: not followed",
			from.Path,
			c.root,
			text.OneLine(to.Host, 100),
		)
	case to.String() == from.String():
		return nil, fmt.Errorf("%s: the link to the next page leads to the same page", from.Path)
	case seen[sha256.Sum256([]byte(to.String()))]:
		return nil, fmt.Errorf("%s: the link to the next page leads back to a page that was read before: "+
			"the listing has no end; run again later", from.Path)
	case len(seen) >= c.maxPages:
		return nil, fmt.Errorf("%s: the listing still goes on after %d pages, which no tenant has: "+
			"run again later, and report it if it stays", from.Path, c.maxPages)
	}
	return to, nil
}

// A damagedError is an answer that Graph meant well and that did not arrive as it was meant.
type damagedError struct {
	path, requestID string
	err             error
}

func (e *damagedError) Error() string {
	return e.path + ": damaged page: " + text.OneLine(e.err.Error(), 300) + " (request-id " + e.requestID + ")"
}

func (e *damagedError) Unwrap() error { return e.err }

// page fetches one page. A damaged one is fetched once more.
func (c *Client) page(ctx context.Context, u *url.URL, first bool, headers []http.Header) (Page, string, error) {
	page, next, err := c.pageOnce(ctx, u, first, headers)
	var damaged *damagedError
	if !errors.As(err, &damaged) || ctx.Err() != nil {
		return page, next, err
	}
	c.counts.retries.Add(1)
	c.announce(
		wire.Wait{
			Path:   u.Path,
			Status: http.StatusOK,
			Delay:  c.patience.BaseDelay,
			Reason: "damaged page: " + text.OneLine(damaged.err.Error(), 300),
		},
	)
	if c.patience.Clock.Sleep(ctx, c.patience.BaseDelay) != nil {
		return Page{}, "", wire.Stopped(ctx, u.Path)
	}
	return c.pageOnce(ctx, u, first, headers)
}

func (c *Client) pageOnce(ctx context.Context, u *url.URL, first bool, headers []http.Header) (Page, string, error) {
	resp, err := c.get(ctx, u, append([]http.Header{{"Accept": {"application/json"}}}, headers...)...)
	if err != nil {
		return Page{}, "", err
	}
	defer resp.Body.Close()
	page := Page{URL: u.String(), RequestID: text.OneLine(resp.Header.Get("request-id"), 80)}
	if resp.StatusCode != http.StatusOK {
		return Page{}, "", c.unexpected(resp, u.Path)
	}
	page.Body, err = io.ReadAll(io.LimitReader(resp.Body, c.pageLimit+1))
	if err != nil {
		if ctx.Err() != nil {
			return Page{}, "", wire.Stopped(ctx, u.Path)
		}
		return Page{}, "", &damagedError{u.Path, page.RequestID, err}
	}
	if int64(len(page.Body)) > c.pageLimit {
		return Page{}, "", fmt.Errorf(
			"%s: a page is larger than %d bytes: ask for fewer values with $top (request-id %s)",
			u.Path,
			c.pageLimit,
			page.RequestID,
		)
	}
	found, err := scan(page.Body)
	if err != nil {
		return Page{}, "", &damagedError{u.Path, page.RequestID, err}
	}
	page.Values = found.values
	switch {
	case found.failed: // also after values: OData 4.01 Protocol, "In-Stream Errors", fails the whole page
		return Page{}, "", c.responseError(resp, u.Path, page.Body)
	case found.collection:
		return page, found.next, nil
	case first && found.members > 0 && found.next == "":
		page.Values = 1
		return page, "", nil
	}
	return Page{}, "", &damagedError{u.Path, page.RequestID, errors.New(`there is no "value" array`)}
}

// unexpected is the error of a status that is no failure and yet not what was asked for.
func (c *Client) unexpected(resp *http.Response, path string) error {
	wire.Discard(resp)
	e := c.responseError(resp, path, nil)
	e.Message = "not the answer that was expected"
	e.Remedy = "a proxy or firewall may have sent it"
	return e
}
