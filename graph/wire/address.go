package wire

import (
	"net"
	"net/url"
	"strings"
)

// Confidential reports whether what is sent to u cannot be read on the way: u is https, or plain http to
// this machine.
func Confidential(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && Loopback(u.Hostname())
}

// Loopback reports whether host, a name or an address, is this machine.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
