package graph

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// Stats is what a client did so far. Token requests are not part of it.
type Stats struct {
	Requests int64         // sent to Graph and to the download host, repetitions included
	Retries  int64         // of them, repetitions
	Waited   time.Duration // announced waits of all requests together; concurrent waits add up
	Bytes    int64         // of response bodies, as read (after decompression)
}

type counters struct{ requests, retries, waited, bytes atomic.Int64 }

func (c *counters) stats() Stats {
	return Stats{
		Requests: c.requests.Load(), Retries: c.retries.Load(),
		Waited: time.Duration(c.waited.Load()), Bytes: c.bytes.Load(),
	}
}

// count counts requests and the bytes of their answers.
type count struct {
	next   http.RoundTripper
	counts *counters
}

func (c *count) RoundTrip(req *http.Request) (*http.Response, error) {
	c.counts.requests.Add(1)
	resp, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Body = &countedBody{resp.Body, &c.counts.bytes}
	return resp, nil
}

type countedBody struct {
	io.ReadCloser
	bytes *atomic.Int64
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.bytes.Add(int64(n))
	return n, err
}
