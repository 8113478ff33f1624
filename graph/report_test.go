package graph

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"m365lake/graph/cloud"
	"m365lake/graph/wire"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const (
	reportPath = "/v1.0/reports/getEmailActivityUserDetail(period='D7')"
	csvText    = "\xef\xbb\xbfReport Refresh Date,User\r\n2026-01-01,A\r\n"
	signature  = "SIGNATURE-OF-THE-ADDRESS"
)

// redirecting is a Graph that sends everybody to a download host.
type redirecting struct {
	*tenant
	files            *httptest.Server
	atGraph, atFiles atomic.Int64
}

func newRedirecting(t *testing.T, file http.HandlerFunc) *redirecting {
	r := &redirecting{}
	r.files = serve(t, func(w http.ResponseWriter, q *http.Request) {
		r.atFiles.Add(1)
		if q.URL.Query().Get("sig") != signature || q.Header.Get("Authorization") != "" {
			t.Errorf("the download host was asked for %s with %v", q.RequestURI, q.Header)
		}
		file(w, q)
	})
	r.tenant = newTenant(t, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Location", fmt.Sprintf("%s/data/download/blob-%d?sig=%s", r.files.URL, r.atGraph.Add(1), signature))
		w.Header().Set("request-id", "rid-hop-1")
		w.WriteHeader(302)
	})
	return r
}

// noSignature checks that an error does not show the address it is about.
func noSignature(t *testing.T, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
			mustNotContain(t, text, signature, "blob-", "sig=")
		}
	}
}

func TestReportByRedirect(t *testing.T) {
	r := newRedirecting(t, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		io.WriteString(w, csvText)
	})
	c := r.client(t)
	d, err := c.Report(t.Context(), reportPath)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(d.Body)
	if err != nil || string(body) != csvText || d.Body.Close() != nil {
		t.Errorf("%q %v", body, err)
	}
	if d.URL != r.graph.URL+reportPath || d.RequestID != "rid-hop-1" || d.Size != int64(len(csvText)) {
		t.Errorf("%+v", d)
	}
	if s := c.Stats(); s.Requests != 2 || s.Bytes != int64(len(csvText)) {
		t.Errorf("%+v", s)
	}
}

func TestReportAtOnce(t *testing.T) {
	tn := newTenant(t, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("request-id", "rid")
		io.WriteString(w, csvText)
	})
	c := tn.client(t)
	d, err := c.Report(t.Context(), reportPath)
	if err != nil || d.RequestID != "rid" {
		t.Fatal(d, err)
	}
	body, err := io.ReadAll(d.Body)
	if err != nil || string(body) != csvText || c.Stats().Requests != 1 {
		t.Errorf("%q %v", body, err)
	}
	d.Body.Close()
}

func TestCompressedReport(t *testing.T) {
	r := newRedirecting(t, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, csvText)
		z.Close()
	})
	d, err := r.client(t).Report(t.Context(), reportPath)
	if err != nil || d.Size != -1 {
		t.Fatal(d, err)
	}
	defer d.Body.Close()
	if body, err := io.ReadAll(d.Body); err != nil || string(body) != csvText {
		t.Errorf("%q %v", body, err)
	}
}

func TestRefusedLinkIsAskedForAnew(t *testing.T) {
	for _, code := range []int{400, 401, 403, 404, 410} {
		var n atomic.Int64
		r := newRedirecting(t, func(w http.ResponseWriter, q *http.Request) {
			if n.Add(1) == 1 {
				w.WriteHeader(code)
				fmt.Fprintf(w, "<Error>Signature did not match: %s</Error>", signature)
				return
			}
			if !strings.HasSuffix(q.URL.Path, "blob-2") {
				t.Errorf("the old link was used again: %s", q.URL.Path)
			}
			io.WriteString(w, csvText)
		})
		got, err := fetch(t.Context(), r.client(t), reportPath)
		if err != nil || got != csvText || r.atGraph.Load() != 2 || r.atFiles.Load() != 2 {
			t.Errorf("%d: %q %v", code, got, err)
		}
	}
}

func TestRefusedLinksEnd(t *testing.T) {
	r := newRedirecting(t, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(403)
		fmt.Fprintf(w, `{"error":{"code":"%s","message":"%s"}}`, signature, signature)
	})
	var log waitLog
	_, err := fetch(t.Context(), r.client(t, func(o *Options) { o.OnWait = log.add }), reportPath)
	var e *Error
	if !errors.As(err, &e) || e.Status != 403 || e.Path != reportPath || e.RequestID != "rid-hop-1" || e.Permission() {
		t.Fatalf("%v", err)
	}
	if r.atGraph.Load() != 1+maxRestarts || r.atFiles.Load() != 1+maxRestarts || len(log.all()) != 0 {
		t.Errorf("%d, %d, %v", r.atGraph.Load(), r.atFiles.Load(), log.all())
	}
	noSignature(t, err)
}

func TestDownloadHostFaults(t *testing.T) {
	var log waitLog
	r := newRedirecting(t, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(503)
		fmt.Fprintf(w, `{"error":{"code":"%s","message":"%s"}}`, signature, signature)
	})
	_, err := fetch(t.Context(), r.client(t, func(o *Options) { o.MaxTries, o.OnWait = 3, log.add }), reportPath)
	var e *Error
	if !errors.As(err, &e) || e.Status != 503 || r.atGraph.Load() != 1 || r.atFiles.Load() != 3 {
		t.Fatal(err, r.atGraph.Load(), r.atFiles.Load())
	}
	noSignature(t, err)
	waits := log.all()
	if len(waits) != 2 || waits[0].Path != reportPath || waits[0].Reason != "503 Service Unavailable" {
		t.Errorf("%+v", waits)
	}
}

func TestUnreachableDownloadHost(t *testing.T) {
	var log waitLog
	r := newRedirecting(t, nil)
	r.files.Close()
	_, err := fetch(t.Context(), r.client(t, func(o *Options) { o.MaxTries, o.OnWait = 2, log.add }), reportPath)
	var e *wire.UnreachableError
	if !errors.As(err, &e) || e.Path != reportPath || e.Host != strings.TrimPrefix(r.files.URL, "http://") {
		t.Fatal(err)
	}
	noSignature(t, err)
	// Also when a transport repeats the address.
	r = newRedirecting(t, func(http.ResponseWriter, *http.Request) {})
	_, err = fetch(t.Context(), r.client(t, func(o *Options) {
		o.MaxTries, o.OnWait = 2, log.add
		o.Transport = roundTripper(func(q *http.Request) (*http.Response, error) {
			if q.URL.Query().Get("sig") != "" {
				return nil, fmt.Errorf("proxy says: cannot get %s", q.URL)
			}
			return http.DefaultTransport.RoundTrip(q)
		})
	}), reportPath)
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	noSignature(t, err)
	for _, w := range log.all() {
		mustNotContain(t, fmt.Sprintf("%+v", w), signature, "blob-")
	}
}

func TestReportAddressesThatAreNotFollowed(t *testing.T) {
	for location, want := range map[string]string{
		"":                                "without a usable address",
		"https://h\x7f/?sig=" + signature: "without a usable address",
		"https://%zz/?sig=" + signature:   "without a usable address",
		"http://reports.office.com/?sig=" + signature: `"http": only https`,
		"ftp://127.0.0.1/?sig=" + signature:           `"ftp": only https`,
		"https://u:p@h.example/?sig=" + signature:     "only https",
		"https:///x?sig=" + signature:                 "only https",
	} {
		tn := newTenant(t, nil)
		c := tn.client(t, func(o *Options) {
			o.Transport = roundTripper(func(q *http.Request) (*http.Response, error) {
				if q.Method == http.MethodPost {
					return http.DefaultTransport.RoundTrip(q)
				}
				if q.URL.Host != strings.TrimPrefix(tn.graph.URL, "http://") {
					t.Errorf("%s was followed", location)
				}
				return &http.Response{
					StatusCode:    302,
					Header:        http.Header{"Location": {location}},
					Body:          http.NoBody,
					ContentLength: 0,
				}, nil
			})
		})
		_, err := fetch(t.Context(), c, reportPath)
		if err == nil {
			t.Errorf("%q was accepted", location)
			continue
		}
		mustContain(t, err.Error(), want, reportPath)
		noSignature(t, err)
	}
}

func TestReportErrors(t *testing.T) {
	for code, body := range map[int]string{
		403: `{"error":{"code":"UnknownError","message":"{\"error\":{\"code\":\"S2SUnauthorized\",\"message\":\"Invalid ` +
			`permission.\"}}"}}`,
		400: `{"error":{"code":"InvalidArgument","message":"Only support data for the past 28 days."}}`,
		204: ``,
	} {
		tn := newTenant(t, func(w http.ResponseWriter, q *http.Request) { w.WriteHeader(code); io.WriteString(w, body) })
		c := tn.client(t)
		_, err := fetch(t.Context(), c, reportPath)
		var e *Error
		if !errors.As(err, &e) || e.Status != code || e.Permission() != (code == 403) || e.Remedy == "" ||
			c.Stats().Requests != 1 {
			t.Errorf("%d: %v", code, err)
		}
	}
}

func TestTruncatedReport(t *testing.T) {
	short := func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(csvText)+100))
		io.WriteString(w, csvText)
	}
	r := newRedirecting(t, short)
	direct := newTenant(t, short)
	// A transport that does not check by itself.
	lax := newTenant(t, nil)
	laxly := func(o *Options) {
		o.Transport = roundTripper(func(q *http.Request) (*http.Response, error) {
			if q.Method == http.MethodPost {
				return http.DefaultTransport.RoundTrip(q)
			}
			return &http.Response{
				StatusCode:    200,
				Header:        http.Header{},
				Body:          io.NopCloser(strings.NewReader(csvText)),
				ContentLength: int64(len(csvText) + 100),
			}, nil
		})
	}
	for name, c := range map[string]*Client{"redirect": r.client(t), "at once": direct.client(t),
		"lax transport": lax.client(t, laxly)} {
		got, err := fetch(t.Context(), c, reportPath)
		if !errors.Is(err, io.ErrUnexpectedEOF) || got != csvText {
			t.Errorf("%s: %q %v", name, got, err)
			continue
		}
		mustContain(t, err.Error(), reportPath, fmt.Sprintf("%d of %d bytes", len(csvText), len(csvText)+100))
		noSignature(t, err)
	}
}

func TestSilentServers(t *testing.T) {
	release := make(chan struct{})
	silent := func(w http.ResponseWriter, q *http.Request) { <-release }
	stalls := func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "a,b")
		w.(http.Flusher).Flush()
		<-release
	}
	defer close(release) // before the servers close
	quick := func(tn *tenant) *Client {
		c, err := newClient(Options{
			Cloud: cloud.Cloud{
				Authority: tn.login.URL,
				Root:      tn.graph.URL,
			}, Credentials: testCredentials, BaseDelay: time.Millisecond, MaxTries: 2,
		}, 100*time.Millisecond, 50*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	quiet := newRedirecting(t, silent)
	_, err := fetch(t.Context(), quick(quiet.tenant), reportPath)
	var e *wire.UnreachableError
	if !errors.As(err, &e) || !errors.Is(err, wire.ErrNoAnswer) || quiet.atFiles.Load() != 2 {
		t.Errorf("%v", err)
	}
	noSignature(t, err)

	r := newRedirecting(t, stalls)
	got, err := fetch(t.Context(), quick(r.tenant), reportPath)
	if got != "a,b" || !errors.Is(err, wire.ErrStalled) {
		t.Errorf("%q %v", got, err)
	}
	noSignature(t, err)

	tn := newTenant(t, stalls)
	if _, err := list(t.Context(), quick(tn), "/v1.0/users"); !errors.Is(err, wire.ErrStalled) {
		t.Error(err)
	}

	// A slow reader is not a silent server.
	slow := newRedirecting(t, func(w http.ResponseWriter, q *http.Request) { io.WriteString(w, csvText) })
	d, err := quick(slow.tenant).Report(t.Context(), reportPath)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Body.Close()
	time.Sleep(150 * time.Millisecond)
	if b, err := io.ReadAll(d.Body); err != nil || string(b) != csvText {
		t.Errorf("%q %v", b, err)
	}
}

func TestCancelledDownload(t *testing.T) {
	release := make(chan struct{})
	r := newRedirecting(t, func(w http.ResponseWriter, q *http.Request) {
		io.WriteString(w, "a")
		w.(http.Flusher).Flush()
		<-release
	})
	defer close(release) // before the servers close
	ctx, cancel := context.WithCancel(t.Context())
	d, err := r.client(t).Report(ctx, reportPath)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Body.Close()
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := io.ReadAll(d.Body); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
