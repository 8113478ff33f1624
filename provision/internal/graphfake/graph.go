package graphfake

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
	"m365lake/graph/auth"
	"m365lake/graph/cloud"
)

// A Graph answers by method and path as it was told, and remembers what it was asked.
type Graph struct {
	mu      sync.Mutex
	Answers map[string]Answer // by "GET /users/ana", without version and query
	Asked   []string          // method, path and body
	URL     string
}

// An Answer is what the fake Graph sends for one request: the status, a body encoded as JSON, and headers.
type Answer struct {
	Status int
	Body   any
	Header map[string]string
}

// New starts a fake Graph with the answers by "METHOD /path", and a client that is signed in to it and tries each
// request twice at most. Both end with the test.
func New(t *testing.T, answers map[string]Answer) (*Graph, *graph.Client) {
	t.Helper()
	f := &Graph{Answers: answers}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.URL = server.URL
	client, err := graph.New(graph.Options{
		Cloud: cloud.Cloud{Name: "test", Authority: server.URL, Root: server.URL},
		Credentials: auth.Credentials{TenantID: "11111111-2222-3333-4444-555555555555", ClientID: "client",
			ClientSecret: "secret"},
		BaseDelay: time.Millisecond, MaxTries: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	return f, client
}

func (f *Graph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/token") {
		reply(w, Answer{Status: 200, Body: map[string]any{"token_type": "Bearer", "expires_in": 3599, "access_token": "t"}})
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
	f.Asked = append(f.Asked, strings.TrimSpace(key+" "+string(body)))
	answer, known := f.Answers[key]
	if !known {
		answer = NotFound
	}
	reply(w, answer)
}

// batch answers each request of a batch as if it had come alone.
func (f *Graph) batch(body json.RawMessage) Answer {
	var batch struct {
		Requests []struct{ ID, Method, URL string }
	}
	if err := json.Unmarshal(body, &batch); err != nil || len(batch.Requests) > 20 {
		return Refused(400, "BadRequest", "no batch")
	}
	responses := []any{}
	for _, q := range batch.Requests {
		path, _, _ := strings.Cut(q.URL, "?")
		path, _ = url.PathUnescape(path)
		answer, known := f.Answers[q.Method+" "+path]
		if !known {
			answer = NotFound
		}
		responses = append(responses, map[string]any{
			"id": q.ID, "status": answer.Status, "body": answer.Body,
			"headers": map[string]string{"Content-Type": "application/json"}})
	}
	return Answer{Status: 200, Body: map[string]any{"responses": responses}}
}

func reply(w http.ResponseWriter, a Answer) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("request-id", "rid-1")
	for name, value := range a.Header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.Status)
	if a.Status != http.StatusNoContent {
		_ = json.NewEncoder(w).Encode(a.Body)
	}
}

// Refused is an error answer as Graph writes it, with the codes of its details.
func Refused(status int, code, message string, details ...string) Answer {
	list := []map[string]string{}
	for _, d := range details {
		list = append(list, map[string]string{"code": d, "message": d})
	}
	return Answer{Status: status, Body: map[string]any{
		"error": map[string]any{"code": code, "message": message, "details": list}}}
}

// NotFound is how Graph answers a request for an object that is not there.
var NotFound = Refused(404, "Request_ResourceNotFound",
	"Resource 'x' does not exist or one of its queried reference-property objects are not present.")

// Ids of the tests.
const (
	AnaID   = "aaaaaaaa-0000-0000-0000-000000000001"
	BoID    = "aaaaaaaa-0000-0000-0000-000000000002"
	E3ID    = "05e9a617-0261-4cee-bb44-138d3ef5d965"
	E1ID    = "18181a46-0d4e-45cd-891e-60aabd171b4e"
	SalesID = "bbbbbbbb-0000-0000-0000-000000000001"
	PlanA   = "cccccccc-0000-0000-0000-00000000000a"
	PlanB   = "cccccccc-0000-0000-0000-00000000000b"
)
