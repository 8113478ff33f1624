package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"m365lake/graph/wire"
	"m365lake/internal/text"
)

// A Download is a usage report on its way. The caller closes Body, which lives as long as the
// context that Report was given.
type Download struct {
	Body      io.ReadCloser // ends with io.ErrUnexpectedEOF when fewer than Size bytes came
	URL       string        // of the report at Graph, never the signed address
	RequestID string
	Size      int64 // -1 when it is not known, as for a compressed answer
}

// maxRestarts bounds how often a report is asked for anew because its link was refused.
const maxRestarts = 2

// Report asks for a usage report as CSV, such as
// "/v1.0/reports/getEmailActivityUserDetail(period='D7')".
//
// Graph answers 302 with a pre-signed address on another host, which lives for a few minutes and
// needs no token; that host never gets one. When it refuses the link, Graph is asked for a new one.
// Graph answering 200 with the report itself is accepted too.
// Source: https://learn.microsoft.com/graph/api/reportroot-getemailactivityuserdetail
func (c *Client) Report(ctx context.Context, path string) (*Download, error) {
	u, err := c.resolve(path)
	if err != nil {
		return nil, err
	}
	for restart := 0; ; restart++ {
		report, err := c.report(ctx, u)
		var refusal *Error
		if restart < maxRestarts && errors.As(err, &refusal) && refusal.linkRefused() {
			c.counts.retries.Add(1)
			continue
		}
		return report, err
	}
}

// linkRefused reports whether a new link can help.
func (e *Error) linkRefused() bool {
	return e.download && e.Status >= 400 && e.Status < 500 && e.Status != http.StatusTooManyRequests
}

// report asks Graph, and then the host that Graph names.
func (c *Client) report(ctx context.Context, u *url.URL) (*Download, error) {
	resp, err := c.get(ctx, u) //nolint:bodyclose // wire.Discard or the caller of Report closes it
	if err != nil {
		return nil, err
	}
	requestID := text.OneLine(resp.Header.Get("request-id"), 80)
	switch resp.StatusCode {
	case http.StatusOK:
		return newDownload(resp, u, requestID), nil
	case http.StatusFound,
		http.StatusMovedPermanently,
		http.StatusSeeOther,
		http.StatusTemporaryRedirect,
		http.StatusPermanentRedirect:
		wire.Discard(resp)
	default:
		return nil, c.unexpected(resp, u.Path)
	}
	link, err := u.Parse(resp.Header.Get("Location"))
	switch {
	case err != nil || resp.Header.Get("Location") == "": // err would repeat the address
		return nil, fmt.Errorf(
			"%s: %d without a usable address of the report (request-id %s)",
			u.Path,
			resp.StatusCode,
			requestID,
		)
	case link.Hostname() == "" || link.User != nil || !wire.Confidential(link):
		return nil, fmt.Errorf("%s: the report is offered at %q over %q: only https is followed (request-id %s)",
			u.Path, text.OneLine(link.Host, 100), text.OneLine(link.Scheme, 20), requestID)
	}
	return c.fetch(ctx, u, link, requestID)
}

// fetch reads a report from its signed address.
func (c *Client) fetch(ctx context.Context, u, link *url.URL, requestID string) (*Download, error) {
	req, err := newRequest(ctx, link, u.Path)
	if err != nil {
		return nil, err
	}
	resp, err := c.download.RoundTrip(req) //nolint:bodyclose // wire.Discard or the caller of Report closes it
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		// Nothing of the body is kept: a storage host may repeat the signature in it.
		wire.Discard(resp)
		e := &Error{
			Status: resp.StatusCode, Path: u.Path, RequestID: requestID,
			Message: "the download host refused the report", download: true,
		}
		e.Remedy = e.remedy()
		return nil, e
	}
	return newDownload(resp, u, requestID), nil
}

func newDownload(resp *http.Response, u *url.URL, requestID string) *Download {
	d := &Download{URL: u.String(), RequestID: requestID, Size: resp.ContentLength}
	if resp.Uncompressed { // the transport counted compressed bytes
		d.Size = -1
	}
	d.Body = &downloadBody{body: resp.Body, path: u.Path, size: d.Size, requestID: requestID}
	return d
}

// downloadBody names the report in its errors and counts its bytes.
type downloadBody struct {
	body            io.ReadCloser
	path, requestID string
	size, read      int64
}

func (b *downloadBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	b.read += int64(n)
	switch {
	case err == nil:
		return n, nil
	case err == io.EOF && (b.size < 0 || b.read >= b.size):
		return n, io.EOF
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	}
	if b.size >= 0 {
		return n, fmt.Errorf(
			"%s: download ended after %d of %d bytes: %w (request-id %s)",
			b.path,
			b.read,
			b.size,
			err,
			b.requestID,
		)
	}
	return n, fmt.Errorf("%s: download ended after %d bytes: %w (request-id %s)", b.path, b.read, err, b.requestID)
}

func (b *downloadBody) Close() error { return b.body.Close() }
