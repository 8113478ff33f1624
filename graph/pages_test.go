package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPagesFollowsLinksAsTheyAre(t *testing.T) {
	var seen []string
	var levels []string
	bodies := []string{
		`{"@odata.context":"c","value":[{"id":"1"},{"id":"2"}],` +
			`"@odata.nextLink":"%s/v1.0/users?$select=id&$skiptoken=A%%27b%%2B~(x)&y"}`,
		`{"value":[],"@odata.nextLink":"%s/v1.0/users?$skiptoken=2"}`,
		`{"value":[{"id":"3"}]}`,
	}
	var tn *tenant
	tn = newTenant(t, func(w http.ResponseWriter, r *http.Request) {
		n := len(seen)
		seen = append(seen, r.RequestURI)
		levels = append(levels, r.Header.Get("ConsistencyLevel")+"/"+r.Header.Get("Accept"))
		w.Header().Set("request-id", fmt.Sprint("rid-", n))
		fmt.Fprint(w, strings.ReplaceAll(strings.ReplaceAll(bodies[n], "%%", "%"), "%s", tn.graph.URL))
	})
	c := tn.client(t)
	pages, err := list(
		t.Context(),
		c,
		"/v1.0/users?$filter=accountEnabled eq true&$top=999",
		http.Header{"ConsistencyLevel": {"eventual"}},
	)
	if err != nil {
		t.Fatal(err)
	}
	wantURIs := []string{
		"/v1.0/users?$filter=accountEnabled%20eq%20true&$top=999",
		"/v1.0/users?$select=id&$skiptoken=A%27b%2B~(x)&y",
		"/v1.0/users?$skiptoken=2",
	}
	if diff := cmp.Diff(wantURIs, seen); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"eventual/application/json", "eventual/application/json", "eventual/application/json"},
		levels); diff != "" {
		t.Error(diff)
	}
	var want []Page
	for i, values := range []int{2, 0, 1} {
		body := strings.ReplaceAll(strings.ReplaceAll(bodies[i], "%%", "%"), "%s", tn.graph.URL)
		want = append(
			want,
			Page{
				Body:      []byte(body),
				URL:       tn.graph.URL + wantURIs[i],
				RequestID: fmt.Sprint("rid-", i),
				Values:    values,
				More:      i < 2,
			},
		)
	}
	if diff := cmp.Diff(want, pages); diff != "" {
		t.Error(diff)
	}
	if s := c.Stats(); s.Requests != 3 || s.Retries != 0 ||
		s.Bytes != int64(len(want[0].Body)+len(want[1].Body)+len(want[2].Body)) {
		t.Errorf("%+v", s)
	}
	// A listing goes on from a link, and stops when the caller does.
	seen = seen[:1]
	for p, err := range c.Pages(t.Context(), tn.graph.URL+wantURIs[1]) {
		if err != nil || p.Values != 0 {
			t.Error(p, err)
		}
		break
	}
	if len(seen) != 2 {
		t.Errorf("%q", seen)
	}
}

func TestPagesRefusesOtherHosts(t *testing.T) {
	var strayed atomic.Int64
	other := serve(t, func(http.ResponseWriter, *http.Request) { strayed.Add(1) })
	var link string
	tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"value":[1],"@odata.nextLink":%q}`, link)
	})
	c := tn.client(t)
	for l, want := range map[string]string{
		other.URL + "/v1.0/users?$skiptoken=x":              "leads away",
		"https" + tn.graph.URL[4:] + "/v1.0/users":          "leads away",
		"http://127.0.0.1@" + other.URL[7:] + "/v1.0/users": "leads away",
		"/v1.0/users?$skiptoken=x":                          "leads away",
		"http://%zz":                                        "not an address",
		tn.graph.URL + "/v1.0/users":                        "same page",
	} {
		link = l
		pages, err := list(t.Context(), c, "/v1.0/users")
		if len(pages) != 1 || err == nil {
			t.Errorf("%s: %v %v", l, pages, err)
			continue
		}
		mustContain(t, err.Error(), "/v1.0/users", want)
	}
	for _, path := range []string{other.URL + "/v1.0/users", "v1.0/users", "", "/v1.0/users#x"} {
		if pages, err := list(t.Context(), c, path); err == nil || len(pages) != 0 {
			t.Errorf("%q was accepted", path)
		}
		if _, err := c.Report(t.Context(), path); err == nil {
			t.Errorf("%q was accepted", path)
		}
	}
	if strayed.Load() != 0 {
		t.Error("the other host was asked")
	}
}

func TestPagesTellsAnExpiredToken(t *testing.T) {
	var tn *tenant
	tn = newTenant(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.RawQuery, "skiptoken") {
			graphError(
				w,
				400,
				"Directory_ExpiredPageToken",
				"The specified page token value has expired and can no longer be included in your request.",
			)
			return
		}
		fmt.Fprintf(w, `{"value":[1],"@odata.nextLink":"%s/v1.0/users?$skiptoken=x"}`, tn.graph.URL)
	})
	pages, err := list(t.Context(), tn.client(t), "/v1.0/users")
	var e *Error
	if len(pages) != 1 || !errors.Is(err, ErrPageTokenExpired) || !errors.As(err, &e) || e.RequestID != "rid" {
		t.Fatal(pages, err)
	}
	mustContain(t, err.Error(), "begin the listing again")
}

func TestPagesOfASingleResource(t *testing.T) {
	body := `{"@odata.context":"c","displayConcealedNames":true}`
	tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body) })
	pages, err := list(t.Context(), tn.client(t), "/v1.0/admin/reportSettings")
	if err != nil || len(pages) != 1 || pages[0].Values != 1 || string(pages[0].Body) != body {
		t.Error(pages, err)
	}
}

func TestDamagedPageIsFetchedOnceMore(t *testing.T) {
	cut := func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", "500")
		io.WriteString(w, `{"value":[{"id":"1"}`)
	}
	write := func(s string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { w.Header().Set("request-id", "rid"); io.WriteString(w, s) }
	}
	for name, turn := range map[string]func(http.ResponseWriter){
		"connection cut": cut, "json cut": write(`{"value":[{"id":`), "html": write(`<html>sign in to the wifi</html>`),
		"nothing": write(``), "no value": write(`{}`), "value is null": write(`{"value":null}`),
	} {
		var log waitLog
		f := &faults{turns: []func(http.ResponseWriter){turn}}
		c := newTenant(t, f.ServeHTTP).client(t, func(o *Options) { o.OnWait = log.add })
		if pages, err := list(t.Context(), c, "/v1.0/users"); err != nil || len(pages) != 1 || f.asked.Load() != 2 ||
			len(log.all()) != 1 ||
			c.Stats().Retries != 1 {
			t.Errorf("%s: %v %v, %d requests", name, pages, err, f.asked.Load())
		}
		f = &faults{turns: []func(http.ResponseWriter){turn, turn}}
		pages, err := list(t.Context(), newTenant(t, f.ServeHTTP).client(t), "/v1.0/users")
		if err == nil || len(pages) != 0 || f.asked.Load() != 2 {
			t.Errorf("%s: %v %v, %d requests", name, pages, err, f.asked.Load())
			continue
		}
		mustContain(t, err.Error(), "/v1.0/users", "request-id")
		mustNotContain(t, err.Error(), "wifi", "\n")
		if strings.HasSuffix(name, "cut") && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPageWithAnErrorInside(t *testing.T) {
	for _, body := range []string{`{"error":{"code":"generalException","message":"m"}}`, `{"value":[1,2],` +
		`"error":{"code":"generalException","message":"m"}}`} {
		tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body) })
		pages, err := list(t.Context(), tn.client(t), "/v1.0/users")
		var e *Error
		if len(pages) != 0 || !errors.As(err, &e) || e.Status != 200 || e.Code != "generalException" {
			t.Error(pages, err)
		}
	}
}

func TestPageTooLarge(t *testing.T) {
	var asked atomic.Int64
	tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		fmt.Fprintf(w, `{"value":[%q]}`, strings.Repeat("x", 2000))
	})
	c := tn.client(t)
	c.pageLimit = 1000
	_, err := list(t.Context(), c, "/v1.0/users")
	if err == nil || asked.Load() != 1 {
		t.Fatal(err, asked.Load())
	}
	mustContain(t, err.Error(), "/v1.0/users", "1000 bytes", "$top")
	c.pageLimit = 2014
	if pages, err := list(t.Context(), c, "/v1.0/users"); err != nil || len(pages[0].Body) != 2014 {
		t.Error(err)
	}
}

func TestPagesStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var tn *tenant
	tn = newTenant(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"value":[1],"@odata.nextLink":"%s/v1.0/users?p=%s1"}`, tn.graph.URL, r.URL.Query().Get("p"))
	})
	n := 0
	var last error
	for _, err := range tn.client(t).Pages(ctx, "/v1.0/users") {
		if n++; n == 3 {
			cancel()
		}
		last = err
	}
	if n != 4 || !errors.Is(last, context.Canceled) {
		t.Error(n, last)
	}
}

// A listing that leads in a circle, or on and on, ends with an error instead of filling the disk.
func TestPagesEndsAListingWithoutEnd(t *testing.T) {
	for name, c := range map[string]struct {
		next  func(page int) int
		pages int
		want  string
	}{
		"circle of two":   {func(page int) int { return (page + 1) % 2 }, 2, "leads back to a page that was read before"},
		"circle of three": {func(page int) int { return page%3 + 1 }, 4, "leads back to a page that was read before"},
		"always onward":   {func(page int) int { return page + 1 }, 50, "still goes on after 50 pages"},
	} {
		t.Run(name, func(t *testing.T) {
			var tn *tenant
			var asked atomic.Int64
			tn = newTenant(t, func(w http.ResponseWriter, r *http.Request) {
				var page int
				fmt.Sscanf(r.URL.Query().Get("$skiptoken"), "%d", &page)
				if asked.Add(1) > 60 { // without an end the test would not have one either
					io.WriteString(w, emptyPage)
					return
				}
				fmt.Fprintf(w, `{"value":[],"@odata.nextLink":"%s/v1.0/users?$skiptoken=%d"}`, tn.graph.URL, c.next(page))
			})
			client := tn.client(t)
			client.maxPages = 50
			pages, err := list(t.Context(), client, "/v1.0/users?$skiptoken=0")
			if err == nil || len(pages) != c.pages {
				t.Fatalf("%d pages, %v", len(pages), err)
			}
			mustContain(t, err.Error(), "/v1.0/users: ", c.want)
		})
	}
}
