package graph

import (
	"net/url"
	"strings"
)

// A host is an origin: scheme, host and port.
type host struct{ scheme, name, port string }

func hostOf(u *url.URL) host {
	h := host{scheme: u.Scheme, name: strings.ToLower(u.Hostname()), port: u.Port()}
	if h.port == "" {
		h.port = map[string]string{"https": "443", "http": "80"}[h.scheme]
	}
	return h
}

// owns reports whether u is on exactly this host. A token goes nowhere else.
func (h host) owns(u *url.URL) bool { return u.User == nil && h == hostOf(u) }
