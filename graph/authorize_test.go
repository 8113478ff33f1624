package graph

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
)

func TestTokenGoesToTheGraphHostOnly(t *testing.T) {
	var elsewhere http.Header
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		elsewhere = r.Header.Clone()
		fmt.Fprint(w, "a,b\r\n")
	})
	var atGraph http.Header
	tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) {
		atGraph = r.Header.Clone()
		w.Header().Set("Set-Cookie", "a=b")
		http.Redirect(w, r, other.URL+"/data/download?sig=S", http.StatusFound)
	})
	c := tn.client(t)
	for range 2 {
		if got, err := fetch(t.Context(), c, "/v1.0/reports/getA(period='D7')"); err != nil || got != "a,b\r\n" {
			t.Fatal(got, err)
		}
	}
	if got := atGraph.Get("Authorization"); got != "Bearer token-1" {
		t.Errorf("%q", got)
	}
	if _, err := uuid.Parse(atGraph.Get("client-request-id")); err != nil ||
		atGraph.Get("x-ms-throttle-priority") != "low" ||
		atGraph.Get("User-Agent") != "test/1" {
		t.Errorf("%v", atGraph)
	}
	if elsewhere.Get("User-Agent") != "test/1" {
		t.Errorf("%v", elsewhere)
	}
	for _, name := range []string{"Authorization", "Cookie", "Referer", "client-request-id"} {
		if elsewhere.Get(name) != "" {
			t.Errorf("the download host got %s", name)
		}
	}
	// The decorator itself tells hosts apart, by scheme, name and port.
	for address, own := range map[string]bool{
		tn.graph.URL + "/x": true, other.URL + "/x": false,
		"https" + tn.graph.URL[4:] + "/x": false, "http://127.0.0.1/x": false, "http://user@" + tn.graph.URL[7:] +
			"/x": false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		var sent string
		a := &authorize{
			graph:  c.host,
			tokens: c.tokens,
			counts: c.counts,
			next: roundTripper(func(r *http.Request) (*http.Response, error) {
				sent = r.Header.Get("Authorization")
				return nil, errors.New("not sent")
			}),
		}
		a.RoundTrip(&http.Request{URL: u, Header: http.Header{"Authorization": {"Bearer mine"}}})
		if (sent == "Bearer token-1") != own || !own && sent != "" {
			t.Errorf("%s got %q", address, sent)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestPortIsPartOfTheHost(t *testing.T) {
	for address, own := range map[string]bool{
		"https://graph.microsoft.com/x": true, "https://graph.microsoft.com:443/x": true,
		"https://GRAPH.microsoft.com/x": true,
		"http://graph.microsoft.com/x":  false, "https://graph.microsoft.com:8443/x": false,
		"https://graph.microsoft.com.evil.org/x": false,
		"https://graph.microsoft.com@evil.org/x": false, "https://dod-graph.microsoft.us/x": false,
	} {
		root, _ := url.Parse("https://graph.microsoft.com")
		u, err := url.Parse(address)
		if err != nil || hostOf(root).owns(u) != own {
			t.Errorf("%s: %v %v", address, !own, err)
		}
	}
}

func TestUnauthorizedRefreshesOnce(t *testing.T) {
	var asked atomic.Int64
	var ids []string
	tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		ids = append(ids, r.Header.Get("client-request-id"))
		if r.Header.Get("Authorization") != "Bearer token-2" {
			graphError(w, 401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
			return
		}
		fmt.Fprint(w, emptyPage)
	})
	c := tn.client(t)
	if _, err := list(t.Context(), c, "/v1.0/users"); err != nil || asked.Load() != 2 || tn.tokens.Load() != 2 {
		t.Fatal(err, asked.Load(), tn.tokens.Load())
	}
	if ids[0] == ids[1] || ids[0] == "" {
		t.Errorf("ids %q", ids)
	}
	if _, err := list(t.Context(), c, "/v1.0/users"); err != nil || asked.Load() != 3 || tn.tokens.Load() != 2 {
		t.Fatal(err, asked.Load(), tn.tokens.Load())
	}
}

func TestUnauthorizedTwiceIsTheAnswer(t *testing.T) {
	var asked atomic.Int64
	tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		graphError(w, 401, "InvalidAuthenticationToken", "Access token validation failure. Invalid audience.")
	})
	_, err := list(t.Context(), tn.client(t), "/v1.0/users")
	var e *Error
	if !errors.As(err, &e) || e.Status != 401 || e.Permission() || asked.Load() != 2 || tn.tokens.Load() != 2 {
		t.Fatal(err, asked.Load(), tn.tokens.Load())
	}
	mustContain(t, err.Error(), "tenant and cloud")
	mustNotContain(t, err.Error(), "token-1", "token-2")
}
