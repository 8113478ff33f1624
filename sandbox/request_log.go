package sandbox

import (
	"net/http"
	"slices"
	"sync"
)

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

// requestLog is what was answered. It is safe for concurrent use.
type requestLog struct {
	mu   sync.Mutex
	list []Request
}

func (l *requestLog) remember(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) >= maxRequests {
		l.list = append(l.list[:0], l.list[maxRequests/2:]...)
	}
	l.list = append(l.list, r)
}

func (l *requestLog) requests() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list)
}

// record is the middleware that logs every request, even one whose connection next drops.
func (l *requestLog) record(download bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w := &statusWriter{ResponseWriter: rw}
		entry := Request{
			Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
			Authorization: r.Header.Get("Authorization") != "", Download: download,
		}
		if download {
			entry.Query = ""
		}
		defer func() {
			entry.Status = w.status
			if w.status == 0 {
				entry.Status = http.StatusOK
			}
			l.remember(entry)
		}()
		next.ServeHTTP(w, r)
	})
}

// statusWriter remembers what was answered, for the log.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
