package provision

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"m365lake/graph"
)

// A fakeGraph answers by method and path as it was told, and remembers what it was asked.
type fakeGraph struct {
	mu      sync.Mutex
	answers map[string]fakeAnswer // by "GET /users/ana", without version and query
	asked   []string              // method, path and body
	url     string
}

type fakeAnswer struct {
	status int
	body   any
	header map[string]string
}

func newFakeGraph(t *testing.T, answers map[string]fakeAnswer) (*fakeGraph, *graph.Client) {
	t.Helper()
	f := &fakeGraph{answers: answers}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.url = server.URL
	client, err := graph.New(graph.Options{
		Cloud:       graph.Cloud{Name: "test", Authority: server.URL, Root: server.URL},
		Credentials: graph.Credentials{TenantID: "11111111-2222-3333-4444-555555555555", ClientID: "client", ClientSecret: "secret"},
		BaseDelay:   time.Millisecond, MaxTries: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	return f, client
}

func (f *fakeGraph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/token") {
		reply(w, fakeAnswer{status: 200, body: map[string]any{"token_type": "Bearer", "expires_in": 3599, "access_token": "t"}})
		return
	}
	var body json.RawMessage
	_ = json.NewDecoder(r.Body).Decode(&body) // none with GET
	f.mu.Lock()
	defer f.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/$batch") {
		reply(w, f.batch(body))
		return
	}
	key := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/v1.0")
	f.asked = append(f.asked, strings.TrimSpace(key+" "+string(body)))
	answer, known := f.answers[key]
	if !known {
		answer = notFound
	}
	reply(w, answer)
}

// batch answers each request of a batch as if it had come alone.
func (f *fakeGraph) batch(body json.RawMessage) fakeAnswer {
	var batch struct {
		Requests []struct{ ID, Method, URL string }
	}
	if err := json.Unmarshal(body, &batch); err != nil || len(batch.Requests) > 20 {
		return refused(400, "BadRequest", "no batch")
	}
	responses := []any{}
	for _, q := range batch.Requests {
		path, _, _ := strings.Cut(q.URL, "?")
		path, _ = url.PathUnescape(path)
		answer, known := f.answers[q.Method+" "+path]
		if !known {
			answer = notFound
		}
		responses = append(responses, map[string]any{"id": q.ID, "status": answer.status, "body": answer.body, "headers": map[string]string{"Content-Type": "application/json"}})
	}
	return fakeAnswer{status: 200, body: map[string]any{"responses": responses}}
}

func reply(w http.ResponseWriter, a fakeAnswer) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("request-id", "rid-1")
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.status)
	if a.status != http.StatusNoContent {
		_ = json.NewEncoder(w).Encode(a.body)
	}
}

func refused(status int, code, message string, details ...string) fakeAnswer {
	list := []map[string]string{}
	for _, d := range details {
		list = append(list, map[string]string{"code": d, "message": d})
	}
	return fakeAnswer{status: status, body: map[string]any{"error": map[string]any{"code": code, "message": message, "details": list}}}
}

var notFound = refused(404, "Request_ResourceNotFound", "Resource 'x' does not exist or one of its queried reference-property objects are not present.")

// Ids of the tests.
const (
	anaID   = "aaaaaaaa-0000-0000-0000-000000000001"
	boID    = "aaaaaaaa-0000-0000-0000-000000000002"
	e3ID    = "05e9a617-0261-4cee-bb44-138d3ef5d965"
	e1ID    = "18181a46-0d4e-45cd-891e-60aabd171b4e"
	salesID = "bbbbbbbb-0000-0000-0000-000000000001"
	planA   = "cccccccc-0000-0000-0000-00000000000a"
	planB   = "cccccccc-0000-0000-0000-00000000000b"
)
