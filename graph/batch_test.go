package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// batches serves $batch: answer gives status, headers and body of one request at its n-th time.
type batches struct {
	mu    sync.Mutex
	sizes []int
	times map[string]int
	t     *testing.T

	answer func(path string, n int) (int, map[string]string, any)
}

func (b *batches) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var batch struct {
		Requests []struct{ ID, Method, URL string }
	}
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil || r.Method != http.MethodPost ||
		r.URL.Path != "/v1.0/$batch" {
		b.t.Error(r.Method, r.URL, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sizes = append(b.sizes, len(batch.Requests))
	var responses []map[string]any
	for _, q := range slices.Backward(batch.Requests) { // any order
		if q.Method != http.MethodGet {
			b.t.Error(q.Method)
		}
		b.times[q.URL]++
		status, headers, body := b.answer(q.URL, b.times[q.URL])
		if status != 0 {
			responses = append(responses, map[string]any{"id": q.ID, "status": status, "headers": headers, "body": body})
		}
	}
	writeJSON(w, 200, map[string]any{"responses": responses})
}

func newBatches(t *testing.T, answer func(string, int) (int, map[string]string, any)) (*batches, *Client) {
	b := &batches{times: map[string]int{}, answer: answer, t: t}
	return b, newTenant(t, b.ServeHTTP).client(t, func(o *Options) { o.MaxTries = 4 })
}

func refusal(code string) map[string]any {
	return map[string]any{"error": map[string]any{"code": code, "message": "no"}}
}

func paths(n int) []BatchRequest {
	var requests []BatchRequest
	for i := range n {
		requests = append(requests, BatchRequest{Path: fmt.Sprintf("/users/%d?$select=id", i)})
	}
	return requests
}

func TestBatchSplitsAndKeepsTheOrder(t *testing.T) {
	b, client := newBatches(t, func(path string, _ int) (int, map[string]string, any) {
		return 200, nil, map[string]string{"asked": path}
	})
	requests := paths(47)
	responses, err := client.Batch(t.Context(), requests)
	if err != nil || len(responses) != 47 {
		t.Fatal(len(responses), err)
	}
	for i, r := range responses {
		if want := fmt.Sprintf(`{"asked":"/users/%d?$select=id"}`, i); r.Err != nil || string(r.Body) != want {
			t.Errorf("%d: %s %v", i, r.Body, r.Err)
		}
	}
	slices.Sort(b.sizes)
	if !slices.Equal(b.sizes, []int{7, 20, 20}) {
		t.Error(b.sizes)
	}
}

// Only what was throttled or met a passing fault is asked for again.
func TestBatchRepeatsOnlyWhatMayPass(t *testing.T) {
	b, client := newBatches(t, func(path string, n int) (int, map[string]string, any) {
		passing := map[string]int{"/users/1": 429, "/users/2": 503, "/users/3": 504, "/users/4": 424, "/users/5": 0}
		path, _, _ = strings.Cut(path, "?")
		switch status, may := passing[path]; {
		case may && n == 1 && status == 429:
			return status, map[string]string{"Retry-After": "0.05"}, refusal("TooManyRequests")
		case may && n == 1:
			return status, nil, refusal("Passing")
		case path == "/users/6":
			return 404, nil, refusal("Request_ResourceNotFound")
		case path == "/users/7":
			return 429, nil, refusal("TooManyRequests")
		}
		return 200, nil, map[string]string{"asked": path}
	})
	start := time.Now()
	responses, err := client.Batch(t.Context(), paths(8))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		if want := fmt.Sprintf(`{"asked":"/users/%d"}`, i); string(responses[i].Body) != want || responses[i].Err != nil {
			t.Errorf("%d: %s %v", i, responses[i].Body, responses[i].Err)
		}
	}
	var missing, throttled *Error
	if !errors.As(responses[6].Err, &missing) || !missing.NotFound() || missing.Path != "/users/6" ||
		missing.Code != "Request_ResourceNotFound" {
		t.Errorf("%v", responses[6].Err)
	}
	if !errors.As(responses[7].Err, &throttled) || !throttled.Throttled() {
		t.Errorf("%v", responses[7].Err)
	}
	// Two tries that brought something, and four that did not.
	if !slices.Equal(b.sizes, []int{8, 6, 1, 1, 1, 1}) {
		t.Error(b.sizes)
	}
	if took := time.Since(start); took < 50*time.Millisecond {
		t.Errorf("took %v, shorter than the longest Retry-After", took)
	}
}

// A batch of reads may be sent again as a whole, whatever came of it.
func TestBatchAsAWholeMayFail(t *testing.T) {
	for name, turn := range map[string]func(http.ResponseWriter){
		"504": status(504), "lost": hangUp, "throttled": status(429),
		"damaged": func(w http.ResponseWriter) { fmt.Fprint(w, `{"responses":[{"id":"0","sta`) },
		"twice": func(w http.ResponseWriter) {
			fmt.Fprint(w, `{"responses":[{"id":"0","status":200},{"id":"0","status":200}]}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			turns := &faults{turns: []func(http.ResponseWriter){turn}}
			b := &batches{
				times:  map[string]int{},
				t:      t,
				answer: func(string, int) (int, map[string]string, any) { return 200, nil, 7 },
			}
			client := newTenant(t, func(w http.ResponseWriter, r *http.Request) {
				if turns.asked.Load() == 0 {
					turns.ServeHTTP(w, r)
					return
				}
				b.ServeHTTP(w, r)
			}).client(t)
			responses, err := client.Batch(t.Context(), paths(1))
			if err != nil || string(responses[0].Body) != "7" {
				t.Error(responses, err)
			}
		})
	}
	client := newTenant(t, func(w http.ResponseWriter, _ *http.Request) { status(400)(w) }).client(t)
	_, err := client.Batch(t.Context(), paths(1))
	var malformed *Error
	if !errors.As(err, &malformed) || malformed.Status != 400 {
		t.Error(err)
	}
}

func FuzzParseBatch(f *testing.F) {
	f.Add([]byte(`{"responses":[{"id":"1","status":200,"headers":{"Retry-After":"2.5"},"body":{"id":"x"}}]}`))
	f.Add([]byte(`{"responses":null}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		answers, err := parseBatch(body)
		if (answers == nil) == (err == nil) {
			t.Errorf("%v and %v", answers, err)
		}
	})
}
