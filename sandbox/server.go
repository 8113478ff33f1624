package sandbox

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"m365lake/sandbox/dice"
	"m365lake/sandbox/entra"
	"m365lake/sandbox/graphapi"
	"m365lake/sandbox/reports"
	"m365lake/sandbox/wire"
)

const (
	// FederatedSubject is the workload whose tokens the application trusts.
	FederatedSubject = entra.FederatedSubject
	// FederatedAudience is the audience of those tokens.
	FederatedAudience = entra.FederatedAudience
)

// Server serves a tenant on two loopback ports: one is the sign-in service and Graph, the other is where reports are
// downloaded. It is safe for concurrent use.
type Server struct {
	tenant       *Tenant
	signIn       *entra.Service
	front        *http.Server
	files        *http.Server
	url, fileURL string
	log          requestLog
}

// Serve starts to answer on a loopback address, such as "127.0.0.1:0". The caller closes the server.
func (t *Tenant) Serve(addr string) (*Server, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox: address %q: %w; write it like 127.0.0.1:8080", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("sandbox: address %q is open to the network, and the sandbox's secret is no secret; "+
			"use 127.0.0.1", addr)
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
	s := &Server{tenant: t, url: "http://" + front.Addr().String(), fileURL: "http://" + files.Addr().String()}
	usage := reports.New(t.company, t.clock, t.faults, t.throttle, s.fileURL)
	s.front = s.newServer(s.frontDoor(usage), false)
	s.files = s.newServer(usage.Downloads(), true)
	go s.front.Serve(front)
	go s.files.Serve(files)
	return s, nil
}

// newServer puts what all answers have in common around a handler.
func (s *Server) newServer(h http.Handler, download bool) *http.Server {
	t := s.tenant
	return &http.Server{
		Handler:           s.log.record(download, t.faults.EveryAnswer(t.clock, t.latency, h)),
		ReadHeaderTimeout: 10 * time.Second,
	}
}

// frontDoor serves Graph and signing in.
func (s *Server) frontDoor(usage *reports.Service) http.Handler {
	t, ids := s.tenant, dice.NewSequence(s.tenant.company.Seed)
	s.signIn = entra.New(t.tokens, ids, s.url)
	graph := graphapi.New(graphapi.Options{Company: t.company, Clock: t.clock, Faults: t.faults, Books: t.books,
		Tokens: t.tokens, IDs: ids, URL: s.url, Reports: usage.Routes()})
	signIn := s.signIn.Handler(http.HandlerFunc(nothingHere))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, graphapi.Root) {
			graph.ServeHTTP(w, r)
			return
		}
		signIn.ServeHTTP(w, r)
	})
}

// nothingHere answers what is neither Graph's nor the sign-in service's.
func nothingHere(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "The sandbox serves POST /{tenant}/oauth2/v2.0/token and /v1.0/...; there is nothing at "+
		r.Method+" "+wire.Printable(r.URL.Path), http.StatusNotFound)
}

// Close stops both ports at once.
func (s *Server) Close() error { return errors.Join(s.front.Close(), s.files.Close()) }

// URL is the root of the sign-in service and of Graph.
func (s *Server) URL() string { return s.url }

// DownloadURL is the root of the host that reports redirect to.
func (s *Server) DownloadURL() string { return s.fileURL }

// Requests is what has been answered so far, oldest first.
func (s *Server) Requests() []Request { return s.log.requests() }

// Changes is every write that was accepted, in the order in which they were applied.
func (s *Server) Changes() []Change { return s.tenant.books.Changes() }

// Dangers lists the requests that would have deleted a user by mistake: a DELETE of a group's member without /$ref. A
// test asserts that there are none.
func (s *Server) Dangers() []string { return s.tenant.books.Dangers() }

// State is everything that writes can change, as text: two states are the same when their bytes are. See books.State.
func (s *Server) State() []byte { return s.tenant.books.State() }

// Secrets is every secret the sign-in service gave out or was sent so far: none of them may be found in what a client
// wrote.
func (s *Server) Secrets() []string { return s.signIn.Secrets() }

// TrustCertificate registers the public part of a certificate with the application.
func (s *Server) TrustCertificate(c *x509.Certificate) { s.signIn.TrustCertificate(c) }

// RevokeSignIns ends every refresh token given so far, as an administrator does with "revoke sessions".
func (s *Server) RevokeSignIns() { s.signIn.RevokeSignIns() }

// FederatedToken is what an issuer outside of Microsoft, such as Kubernetes, would give a workload.
func (s *Server) FederatedToken(subject, audience string) string {
	return s.signIn.FederatedToken(subject, audience)
}

// WorkflowTokenURL is where a workflow asks GitHub for a token of its own, with WorkflowBearer.
func (s *Server) WorkflowTokenURL() string { return s.signIn.WorkflowTokenURL() }

// WorkflowBearer is what the workflow asks with.
func (s *Server) WorkflowBearer() string { return s.signIn.WorkflowBearer() }

// IdentityEndpoint is where an application on App Service asks for a token, with IdentityHeader.
func (s *Server) IdentityEndpoint() string { return s.signIn.IdentityEndpoint() }

// IdentityHeader must come with each request to IdentityEndpoint.
func (s *Server) IdentityHeader() string { return s.signIn.IdentityHeader() }
