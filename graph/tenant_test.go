package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"m365lake/graph/auth"
	"m365lake/graph/cloud"
	"m365lake/graph/wire"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const testSecret = "s3cr3t~value&with=form/characters"

var testCredentials = auth.Credentials{
	TenantID:     "11111111-2222-3333-4444-555555555555",
	ClientID:     "client-id",
	ClientSecret: testSecret,
}

// tenant is a sign-in service and a Graph, on two ports.
type tenant struct {
	graph, login *httptest.Server
	tokens       atomic.Int64 // token requests seen

	mu   sync.Mutex
	form map[string]string // the last token request's
}

// newTenant serves Graph with answer, and tokens "token-1", "token-2" and so on.
func newTenant(t *testing.T, answer http.HandlerFunc) *tenant {
	t.Helper()
	tn := &tenant{}
	tn.login = serve(t, func(w http.ResponseWriter, r *http.Request) {
		n := tn.tokens.Add(1)
		form := map[string]string{"path": r.URL.Path, "authorization": r.Header.Get("Authorization"), "agent": r.UserAgent()}
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		for k := range r.PostForm {
			form[k] = r.PostForm.Get(k)
		}
		tn.mu.Lock()
		tn.form = form
		tn.mu.Unlock()
		writeJSON(
			w,
			200,
			map[string]any{"token_type": "Bearer", "expires_in": 3599, "access_token": fmt.Sprintf("token-%d", n)},
		)
	})
	tn.graph = serve(t, answer)
	return tn
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// client returns a client of the tenant that waits milliseconds.
func (tn *tenant) client(t *testing.T, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{
		Cloud:       cloud.Cloud{Name: "test", Authority: tn.login.URL, Root: tn.graph.URL},
		Credentials: testCredentials,
		UserAgent:   "test/1",
		BaseDelay:   time.Millisecond,
	}
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("request-id", "rid")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may have gone
}

func graphError(w http.ResponseWriter, status int, code, message string) {
	writeJSON(w, status, map[string]any{"error": map[string]any{
		"code": code, "message": message,
		"innerError": map[string]any{"date": "2026-01-01T00:00:00", "request-id": "rid"},
	}})
}

// list collects a listing: the pages before an error, and the error.
func list(ctx context.Context, c *Client, path string, headers ...http.Header) (pages []Page, err error) {
	for p, e := range c.Pages(ctx, path, headers...) {
		if e != nil {
			return pages, e
		}
		pages = append(pages, p)
	}
	return pages, nil
}

// fetch reads a report to its end.
func fetch(ctx context.Context, c *Client, path string) (string, error) {
	d, err := c.Report(ctx, path)
	if err != nil {
		return "", err
	}
	defer d.Body.Close()
	b, err := io.ReadAll(d.Body)
	return string(b), err
}

// waitLog records OnWait.
type waitLog struct {
	mu    sync.Mutex
	waits []wire.Wait
}

func (l *waitLog) add(w wire.Wait) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waits = append(l.waits, w)
}

func (l *waitLog) all() []wire.Wait {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]wire.Wait(nil), l.waits...)
}

func mustContain(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q does not contain %q", text, p)
		}
	}
}

func mustNotContain(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("%q contains %q", text, p)
		}
	}
}

func second[A any](_ A, err error) error { return err }
