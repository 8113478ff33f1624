package sandbox

import (
	"context"
	"errors"
	"fmt"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/wire"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Server serves a tenant on two loopback ports: one is the sign-in service and
// Graph, the other is where reports are downloaded.
type Server struct {
	tenant    *Tenant
	graph     *http.Server
	downloads *http.Server
	graphURL  string
	fileURL   string
	throttles *throttles
	ids       atomic.Uint64
	calls     atomic.Uint64 // Graph calls, for faultServerErrors
	expired   atomic.Bool   // faultExpiredPageToken has happened
	log       requestLog
	writes    atomic.Uint64 // for writeFault
	batches   atomic.Uint64 // for batchFault
	// batchTroubles counts, by address, what batchFault might have refused.
	batchTroubles sync.Map
	changeLog     changeLog

	identities *identities
}

// Request is one request the server answered.
type Request struct {
	Method        string
	Path          string // decoded
	Query         string // as sent; empty for downloads, where it is a secret
	Status        int
	Authorization bool // the request had an Authorization header
	Download      bool // the request went to the download host
}

// maxRequests bounds the log; older requests are forgotten.
const maxRequests = 100_000

type requestLog struct {
	mu   sync.Mutex
	list []Request
}

func (l *requestLog) Add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) >= maxRequests {
		l.list = append(l.list[:0], l.list[maxRequests/2:]...)
	}
	l.list = append(l.list, r)
}

// Serve starts to answer on a loopback address, such as "127.0.0.1:0".
func (t *Tenant) Serve(addr string) (*Server, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox: address %q: %w; write it like 127.0.0.1:8080", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("sandbox: address %q is open to the network, and the sandbox's secret is no secret; use 127.0.0.1", addr)
	}
	front, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w; choose another port, or 0 for any", err)
	}
	files, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		front.Close()
		return nil, fmt.Errorf("sandbox: second port, for downloads: %w", err)
	}
	s := &Server{
		tenant:    t,
		graphURL:  "http://" + front.Addr().String(),
		fileURL:   "http://" + files.Addr().String(),
		throttles: newThrottles(t.throttle, t.now),

		identities: newIdentities(),
	}
	s.graph = &http.Server{Handler: s.record(s.front, false), ReadHeaderTimeout: 10 * time.Second}
	s.downloads = &http.Server{Handler: s.record(s.Files, true), ReadHeaderTimeout: 10 * time.Second}
	go s.graph.Serve(front)
	go s.downloads.Serve(files)
	return s, nil
}

// URL is the root of the sign-in service and of Graph.
func (s *Server) URL() string { return s.graphURL }

// DownloadURL is the root of the host that reports redirect to.
func (s *Server) DownloadURL() string { return s.fileURL }

// Requests is what has been answered so far, oldest first.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return append([]Request(nil), s.log.list...)
}

// Close stops both ports at once.
func (s *Server) Close() error {
	return errors.Join(s.graph.Close(), s.downloads.Close())
}

// status remembers what was answered, for the log.
type status struct {
	http.ResponseWriter
	code int
}

func (w *status) WriteHeader(code int) {
	if w.code == 0 {
		w.code = code
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *status) Write(b []byte) (int, error) {
	if w.code == 0 {
		w.code = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

func (w *status) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// record logs every request and makes it wait when the tenant is slow.
func (s *Server) record(next http.HandlerFunc, download bool) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w := &status{ResponseWriter: rw}
		entry := Request{
			Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
			Authorization: r.Header.Get("Authorization") != "", Download: download,
		}
		if download {
			entry.Query = ""
		}
		defer func() {
			entry.Status = w.code
			if w.code == 0 {
				entry.Status = http.StatusOK
			}
			s.log.Add(entry)
		}()
		now := s.tenant.now()
		if s.tenant.faults.on(faultClockSkew) {
			now = now.Add(10 * time.Minute)
		}
		w.Header().Set("Date", now.Format(http.TimeFormat))
		delay := s.tenant.latency
		if s.tenant.faults.on(faultSlow) {
			delay += 300 * time.Millisecond
		}
		if delay > 0 && !pause(r.Context(), delay) {
			return
		}
		next(w, r)
	})
}

// pause waits, unless the client goes away first.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// nextID makes the ids that requests are told apart by.
func (s *Server) nextID() string {
	return dice.GUID(dice.Roll(s.tenant.Seed, dice.TagRequest) + s.ids.Add(1))
}

// front routes what belongs to sign-in and to Graph.
func (s *Server) front(w http.ResponseWriter, r *http.Request) {
	tenant, isToken := strings.CutSuffix(r.URL.Path, "/oauth2/v2.0/token")
	switch {
	case strings.HasPrefix(r.URL.Path, "/v1.0/"):
		s.serveGraph(w, r)
	case isToken && r.Method == http.MethodPost:
		s.signIn(w, r, strings.TrimPrefix(tenant, "/"))
	case s.serveSignIn(w, r):
	default:
		http.Error(w, "The sandbox serves POST /{tenant}/oauth2/v2.0/token and /v1.0/...; there is nothing at "+
			r.Method+" "+wire.Printable(r.URL.Path), http.StatusNotFound)
	}
}

// files routes what belongs to the download host.
func (s *Server) Files(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != downloadPath || r.Method != http.MethodGet {
		http.Error(w, "Not found.", http.StatusNotFound)
		return
	}
	s.download(w, r)
}
