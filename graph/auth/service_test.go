package auth

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"m365lake/graph/cloud"
	"m365lake/graph/wire"
	"m365lake/internal/clock"
)

const testSecret = "s3cr3t~value&with=form/characters"

var (
	testCredentials = Credentials{
		TenantID:     "11111111-2222-3333-4444-555555555555",
		ClientID:     "client-id",
		ClientSecret: testSecret,
	}
	globalCloud, _ = cloud.ByName("")
)

// tenant is a sign-in service.
type tenant struct {
	login  *httptest.Server
	root   string       // of its Graph, which is not there
	tokens atomic.Int64 // token requests seen

	mu   sync.Mutex
	form map[string]string // the last token request's
}

// newTenant gives tokens "token-1", "token-2" and so on.
func newTenant(t *testing.T) *tenant {
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
	tn.root = "https://graph.example.org"
	return tn
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// patience is that of the tests: waits take no time.
func patience() wire.Patience {
	return wire.Patience{Clock: clock.NewSkipping(time.Now()), MaxWait: 5 * time.Minute, BaseDelay: 2 * time.Second}
}

func options(c cloud.Cloud, credentials Credentials) Options {
	return Options{
		Cloud: c, Credentials: credentials, UserAgent: "test/1", Transport: wire.DefaultTransport(),
		Patience: patience(), OnWait: func(wire.Wait) {}, Skew: &wire.Skew{},
	}
}

// client returns the tenant's tokens.
func (tn *tenant) client(t *testing.T, change ...func(*Options)) *Tokens {
	t.Helper()
	o := options(cloud.Cloud{Name: "test", Authority: tn.login.URL, Root: tn.root}, testCredentials)
	for _, f := range change {
		f(&o)
	}
	tokens, err := NewTokens(o)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

// authenticate asks for a token.
func authenticate(ctx context.Context, tokens *Tokens) error {
	_, err := tokens.Get(ctx, "")
	return err
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("request-id", "rid")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may have gone
}

// refusing is a sign-in service with one answer. It counts requests.
func refusing(t *testing.T, asked *atomic.Int64, status int, body string, header ...string) func(*Options) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		w.Write([]byte(body))
	})
	return func(o *Options) { o.Cloud.Authority = s.URL }
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
