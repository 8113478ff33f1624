// Package graph speaks Microsoft Graph over HTTP: throttling, paging, batches, downloads, writes and
// errors. It knows no tables. Below it are auth (signing in), cloud (the national clouds), permissions and
// wire (what a single request is made of).
//
// Every request runs through one chain of http.RoundTripper decorators, each in a file of its own.
// Seen from the caller inwards, to the Graph host:
//
//	retry      throttling and passing faults; a pause shared by requests under one limit
//	limit      Microsoft's 14 calls in ten minutes per usage report
//	authorize  the bearer token, to the Graph host and to no other
//	wire.Skew  how far Microsoft's clock is ahead
//	wire.IdentifyToGraph  user agent, client-request-id, throttle priority
//	count      requests and bytes
//	timeouts   a silent server
//
// A usage report is answered with a redirect to a pre-signed address on another host. That second
// hop has a chain of its own (retry, wire.Identify, count, timeouts) without a token and without
// cookies, and its address appears in no error and no callback.
//
// A read is repeated after every fault that may pass, because asking again does no harm. A write is repeated
// only where Graph said that it did nothing; else its error is [Uncertain], and the caller reads the
// state before it writes again.
//
// The package logs nothing and reads neither the environment nor global state. (The default
// transport is a clone of http.DefaultTransport and follows HTTPS_PROXY as that one does.) It reads
// the time, and waits, by Options.Clock alone.
package graph
