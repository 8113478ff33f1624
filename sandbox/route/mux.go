// Package route finds the handler of a request by the patterns of http.ServeMux, and leaves every other answer to the
// service that is imitated.
package route

import (
	"net/http"
	"net/url"
	"path"
	"strings"
)

// Mux is an http.ServeMux that never answers by itself. What ServeMux would redirect to a cleaned path, refuse with its
// own 405 or take as a GET although it is a HEAD goes to the handler of everything else, as what Microsoft's services
// answer then is not ServeMux's business. Add all patterns before the first request.
type Mux struct {
	patterns http.ServeMux
	other    http.Handler
}

// New returns a Mux whose other requests are served by other.
func New(other http.Handler) *Mux {
	m := &Mux{other: other}
	m.patterns.Handle("/", other)
	return m
}

// Handle adds a pattern of http.ServeMux. A pattern that ends in {name...} needs the same pattern without its last
// segments beside it, or ServeMux redirects to it.
func (m *Mux) Handle(pattern string, h http.HandlerFunc) { m.patterns.Handle(pattern, h) }

// ServeHTTP serves a request by the pattern that matches its decoded path best.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path.Clean(r.URL.Path) != r.URL.Path {
		m.other.ServeHTTP(w, r)
		return
	}
	if _, pattern := m.patterns.Handler(r); r.Method == http.MethodHead && strings.HasPrefix(pattern, http.MethodGet) {
		m.other.ServeHTTP(w, r)
		return
	}
	m.patterns.ServeHTTP(w, r)
}

// WithPath is the request with another path, decoded: %2F in it is a slash like any other, as it is to Graph.
func WithPath(r *http.Request, decoded string) *http.Request {
	copied := *r
	copied.URL = &url.URL{Path: decoded, RawQuery: r.URL.RawQuery}
	return &copied
}
