package wire

import (
	"net/http"
	"time"
)

// DefaultTransport returns a clone of http.DefaultTransport, which follows HTTPS_PROXY, with an idle
// connection for each concurrent source.
func DefaultTransport() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok { // somebody put their own there, which is then the one to use
		return http.DefaultTransport
	}
	t := standard.Clone()
	t.MaxIdleConnsPerHost = 32
	t.TLSHandshakeTimeout = 20 * time.Second
	return t
}

// WithoutProxy returns a clone of transport without a proxy: a proxy must not see what Azure's metadata
// service answers, and could not reach its address anyway. Other kinds of transport are returned as they
// are.
func WithoutProxy(transport http.RoundTripper) http.RoundTripper {
	t, ok := transport.(*http.Transport)
	if !ok {
		return transport
	}
	t = t.Clone()
	t.Proxy = nil
	return t
}
