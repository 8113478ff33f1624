package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"strings"

	"m365lake/internal/text"
)

// Why a connection that was there gave no answer. Both are inside an *UnreachableError, or in the error
// of reading a body.
var (
	ErrNoAnswer = errors.New("no answer in time")
	ErrStalled  = errors.New("the answer stopped coming")
)

// An UnreachableError says that a host gave no answer: no name, no connection, no trust, silence.
type UnreachableError struct {
	Host   string
	Path   string // of the Graph request, without its query; or "sign-in"
	Remedy string
	Err    error // never holds the address of a report download
}

// Error is one line.
func (e *UnreachableError) Error() string {
	return e.Path + ": " + e.Host + " cannot be reached: " + text.OneLine(e.Err.Error(), 300) + "; " + e.Remedy
}

// Unwrap returns what the transport said, without addresses.
func (e *UnreachableError) Unwrap() error { return e.Err }

// Unreachable returns an *UnreachableError of a request to u that is called path, and its remedy. err is
// what the transport said.
func Unreachable(u *url.URL, path string, err error) error {
	e := &UnreachableError{Host: u.Host, Path: path, Err: WithoutAddress(u, err)}
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		e.Remedy = "its certificate is not trusted: a proxy that inspects TLS needs its root certificate " +
			"in this machine's trust store"
	case errors.As(err, &dns):
		e.Remedy = "check the name resolution of this machine, and that the configured cloud is the tenant's"
	case errors.Is(err, ErrNoAnswer), errors.Is(err, ErrStalled), errors.Is(err, context.DeadlineExceeded):
		e.Remedy = "the connection is there but the answer is late: check the proxy, then try again later"
	default:
		e.Remedy = "check the network, the firewall and the proxy (HTTPS_PROXY), " +
			"and that the configured cloud is the tenant's"
	}
	return e
}

// WithoutAddress takes the address u out of a transport's error: http.Client's url.Error repeats the
// address, and that of a report download is a key.
func WithoutAddress(u *url.URL, err error) error {
	var wrapped *url.Error
	for errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	message := err.Error()
	path, escaped := strings.TrimPrefix(u.Path, "/"), strings.TrimPrefix(u.EscapedPath(), "/")
	for _, secret := range []string{u.RawQuery, path, escaped} {
		if len(secret) > 3 && strings.Contains(message, secret) {
			return errors.New("the connection failed (details withheld: they repeat the address)")
		}
	}
	return err
}

// Lasting reports whether trying again within minutes is pointless: a name that does not exist, a
// certificate that is not trusted.
func Lasting(err error) bool {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &certificate) || errors.As(err, &dns) && dns.IsNotFound && !dns.IsTemporary
}
