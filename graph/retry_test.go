package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"m365lake/graph/wire"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const emptyPage = `{"value":[]}`

// faults answers with its statuses in turn, then with an empty page.
type faults struct {
	asked atomic.Int64
	turns []func(http.ResponseWriter)
}

func (f *faults) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if n := int(f.asked.Add(1)); n <= len(f.turns) {
		f.turns[n-1](w)
		return
	}
	fmt.Fprint(w, emptyPage)
}

func status(code int, header ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		graphError(w, code, "SomeCode", "some message")
	}
}

func hangUp(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		conn.Close()
	}
}

func TestRetryWaitsAsAsked(t *testing.T) {
	date := func(d time.Duration) string {
		return time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC).Add(d).Format(http.TimeFormat)
	}
	for name, c := range map[string]struct {
		turn     func(http.ResponseWriter)
		status   int
		from, to time.Duration
	}{
		"whole":    {status(429, "Retry-After", "1"), 429, time.Second, 1100 * time.Millisecond},
		"fraction": {status(429, "Retry-After", "0.06"), 429, 60 * time.Millisecond, 66 * time.Millisecond},
		"date": {status(429, "Retry-After", date(time.Second), "Date", date(0)), 429, time.Second,
			1100 * time.Millisecond},
		"without":       {status(429), 429, 700 * time.Microsecond, 1300 * time.Microsecond},
		"zero":          {status(429, "Retry-After", "0"), 429, 700 * time.Microsecond, 1300 * time.Microsecond},
		"503":           {status(503), 503, 700 * time.Microsecond, 1300 * time.Microsecond},
		"503 with":      {status(503, "Retry-After", "0.05"), 503, 50 * time.Millisecond, 55 * time.Millisecond},
		"500":           {status(500), 500, 700 * time.Microsecond, 1300 * time.Microsecond},
		"502":           {status(502), 502, 700 * time.Microsecond, 1300 * time.Microsecond},
		"504":           {status(504), 504, 700 * time.Microsecond, 1300 * time.Microsecond},
		"509":           {status(509), 509, 700 * time.Microsecond, 1300 * time.Microsecond},
		"423":           {status(423), 423, 700 * time.Microsecond, 1300 * time.Microsecond},
		"no connection": {hangUp, 0, 700 * time.Microsecond, 1300 * time.Microsecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log waitLog
			f := &faults{turns: []func(http.ResponseWriter){c.turn}}
			client := newTenant(t, f.ServeHTTP).client(t, func(o *Options) { o.OnWait = log.add })
			start := time.Now()
			pages, err := list(t.Context(), client, "/v1.0/users?$top=1")
			if err != nil || len(pages) != 1 {
				t.Fatal(pages, err)
			}
			waits := log.all()
			if len(waits) != 1 || waits[0].Status != c.status || waits[0].Path != "/v1.0/users" || waits[0].Reason == "" {
				t.Fatalf("%+v", waits)
			}
			if d := waits[0].Delay; d < c.from || d > c.to {
				t.Errorf("waits %v, want %v to %v", d, c.from, c.to)
			}
			if took := time.Since(start); took < waits[0].Delay {
				t.Errorf("announced %v, waited %v", waits[0].Delay, took)
			}
			want := Stats{Requests: 2, Retries: 1, Waited: waits[0].Delay}
			got := client.Stats()
			if got.Bytes < int64(len(emptyPage)) {
				t.Errorf("%+v", got)
			}
			got.Bytes = 0
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRetryGivesUp(t *testing.T) {
	turns := make([]func(http.ResponseWriter), 20)
	for i := range turns {
		turns[i] = status(503, "request-id", fmt.Sprint("rid-", i+1))
	}
	for tries, want := range map[uint]int64{0: 7, 1: 1, 3: 3} {
		f := &faults{turns: turns}
		_, err := list(
			t.Context(),
			newTenant(t, f.ServeHTTP).client(t, func(o *Options) { o.MaxTries = tries }),
			"/v1.0/users",
		)
		var e *Error
		if !errors.As(err, &e) || e.Status != 503 || e.Code != "SomeCode" || e.Message != "some message" ||
			e.Path != "/v1.0/users" ||
			e.ClientRequestID == "" {
			t.Errorf("%#v", err)
		}
		if f.asked.Load() != want {
			t.Errorf("MaxTries %d: %d requests", tries, f.asked.Load())
		}
	}
}

func TestRetryDoesNotPassMaxWait(t *testing.T) {
	f := &faults{turns: []func(http.ResponseWriter){status(429, "Retry-After", "600")}}
	c := newTenant(t, f.ServeHTTP).client(t)
	start := time.Now()
	_, err := list(t.Context(), c, "/v1.0/users")
	var e *Error
	if !errors.As(err, &e) || !e.Throttled() || e.RetryAfter != 10*time.Minute {
		t.Fatal(err)
	}
	// Nobody else is held for a wait that nobody does.
	if _, err := list(t.Context(), c, "/v1.0/groups"); err != nil || time.Since(start) > 5*time.Second {
		t.Error(err, time.Since(start))
	}
}

func TestLastingRefusalsAreAskedOnce(t *testing.T) {
	for _, code := range []int{400, 403, 404, 410, 501} {
		f := &faults{turns: []func(http.ResponseWriter){status(code)}}
		_, err := list(t.Context(), newTenant(t, f.ServeHTTP).client(t), "/v1.0/users")
		var e *Error
		if !errors.As(err, &e) || e.Status != code || f.asked.Load() != 1 {
			t.Errorf("%d: %v after %d requests", code, err, f.asked.Load())
		}
	}
}

func TestMissingCredentialsPasses(t *testing.T) {
	f := &faults{turns: []func(http.ResponseWriter){
		func(w http.ResponseWriter) {
			graphError(
				w,
				403,
				"UnknownError",
				`{"error":{"code":"MissingCredentials","message":"Valid Authorization header is needed."}}`,
			)
		},
	}}
	if _, err := list(t.Context(), newTenant(t, f.ServeHTTP).client(t), "/v1.0/users"); err != nil || f.asked.Load() != 2 {
		t.Error(err, f.asked.Load())
	}
}

func TestCancelDuringAWait(t *testing.T) {
	f := &faults{turns: []func(http.ResponseWriter){status(429, "Retry-After", "60")}}
	cause := errors.New("the operator said so")
	ctx, cancel := context.WithCancelCause(t.Context())
	c := newTenant(t, f.ServeHTTP).client(t, func(o *Options) { o.OnWait = func(wire.Wait) { cancel(cause) } })
	start := time.Now()
	_, err := list(ctx, c, "/v1.0/users")
	if !errors.Is(err, context.Canceled) || !errors.Is(err, cause) || time.Since(start) > 2*time.Second {
		t.Fatal(err, time.Since(start))
	}
	mustContain(t, err.Error(), "/v1.0/users")
	// A dead context sends nothing.
	for _, err := range []error{
		second(list(ctx, c, "/v1.0/users")), second(c.Report(ctx, "/v1.0/reports/getX()")), c.Authenticate(ctx),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	if f.asked.Load() != 1 {
		t.Errorf("%d requests", f.asked.Load())
	}
}

func TestThrottledPathHoldsTheOthers(t *testing.T) {
	var users atomic.Int64
	refusedOne := make(chan struct{})
	var mu sync.Mutex
	var released time.Time
	early := map[string]time.Time{}
	tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1.0/users" && users.Add(1) == 1 {
			mu.Lock()
			released = time.Now().Add(300 * time.Millisecond)
			mu.Unlock()
			status(429, "Retry-After", "0.3")(w)
			return
		}
		mu.Lock()
		early[r.URL.Path] = time.Now()
		mu.Unlock()
		fmt.Fprint(w, emptyPage)
	})
	var once sync.Once
	c := tn.client(t, func(o *Options) { o.OnWait = func(wire.Wait) { once.Do(func() { close(refusedOne) }) } })
	var all sync.WaitGroup
	all.Go(func() { _, err := list(t.Context(), c, "/v1.0/users"); mustNot(t, err) })
	<-refusedOne
	all.Go(func() { _, err := list(t.Context(), c, "/v1.0/groups"); mustNot(t, err) })
	all.Go(func() { _, err := fetch(t.Context(), c, "/v1.0/reports/getA(period='D7')"); mustNot(t, err) })
	all.Wait()
	if at := early["/v1.0/groups"]; at.Before(released) {
		t.Errorf("groups were asked for %v early", released.Sub(at))
	}
	if at := early["/v1.0/reports/getA(period='D7')"]; at.After(released) {
		t.Error("a report has its own limit and need not wait")
	}
}

func mustNot(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func TestUnreachableGraph(t *testing.T) {
	tn := newTenant(t, nil)
	tn.graph.Close()
	var log waitLog
	_, err := list(t.Context(), tn.client(t, func(o *Options) { o.MaxTries, o.OnWait = 3, log.add }), "/v1.0/users")
	var e *wire.UnreachableError
	if !errors.As(err, &e) || e.Path != "/v1.0/users" || e.Host != strings.TrimPrefix(tn.graph.URL, "http://") {
		t.Fatalf("%v", err)
	}
	var op *net.OpError
	if !errors.As(err, &op) {
		t.Errorf("%v does not lead to its cause", err)
	}
	mustContain(t, err.Error(), "connection refused", "proxy")
	if len(log.all()) != 2 {
		t.Errorf("%+v", log.all())
	}
}

func TestUnknownHostAndForeignCertificateAreNotRetried(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the refused handshake
	secure.StartTLS()
	t.Cleanup(secure.Close)
	tn := newTenant(t, nil)
	for root, want := range map[string]string{
		secure.URL:              "trust store",
		"https://graph.invalid": "name resolution", // RFC 6761: .invalid never resolves
	} {
		var log waitLog
		_, err := list(t.Context(), tn.client(t, func(o *Options) {
			o.Cloud.Root, o.OnWait = root, log.add
			o.Transport = lookupFails{}
		}), "/v1.0/users")
		var e *wire.UnreachableError
		if !errors.As(err, &e) || len(log.all()) != 0 {
			t.Errorf("%v after %+v", err, log.all())
			continue
		}
		mustContain(t, err.Error(), want)
	}
}

// lookupFails answers for graph.invalid as a resolver would, so that the test needs no network.
type lookupFails struct{}

func (lookupFails) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Hostname() == "graph.invalid" {
		return nil, &net.OpError{
			Op:  "dial",
			Net: "tcp",
			Err: &net.DNSError{Err: "no such host", Name: "graph.invalid", IsNotFound: true},
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestWritesAreRepeatedOnlyWhenTheyWereNotDone(t *testing.T) {
	for _, c := range []struct {
		turn  func(http.ResponseWriter)
		asked int64
	}{
		{status(429), 2}, {status(503, "Retry-After", "0.001"), 2},
		{status(503), 1}, {status(500), 1}, {status(504), 1}, {hangUp, 1},
	} {
		f := &faults{turns: []func(http.ResponseWriter){c.turn}}
		var bodies []string
		tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) {
			b := make([]byte, 10)
			n, _ := r.Body.Read(b)
			bodies = append(bodies, string(b[:n]))
			f.ServeHTTP(w, r)
		})
		req, err := http.NewRequestWithContext(
			t.Context(),
			http.MethodPost,
			tn.graph.URL+"/v1.0/x",
			strings.NewReader("body"),
		)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := tn.client(t).graph.RoundTrip(req)
		if err == nil {
			resp.Body.Close()
		}
		if f.asked.Load() != c.asked || strings.Join(bodies, "") != strings.Repeat("body", int(c.asked)) {
			t.Errorf("asked %d times with %q, want %d; %v", f.asked.Load(), bodies, c.asked, err)
		}
	}
}

func TestRefusalsKeepTheConnection(t *testing.T) {
	var opened atomic.Int64
	long := func(w http.ResponseWriter) {
		w.WriteHeader(503)
		fmt.Fprint(w, strings.Repeat("x", wire.ErrorBodyLimit+wire.ErrorBodyLimit/2))
	}
	f := &faults{turns: []func(http.ResponseWriter){long, long, long}}
	tn := newTenant(t, nil)
	s := httptest.NewUnstartedServer(f)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	if _, err := list(t.Context(), tn.client(t, func(o *Options) { o.Cloud.Root = s.URL }), "/v1.0/users"); err != nil {
		t.Fatal(err)
	}
	if f.asked.Load() != 4 || opened.Load() != 1 {
		t.Errorf("%d requests over %d connections", f.asked.Load(), opened.Load())
	}
}
