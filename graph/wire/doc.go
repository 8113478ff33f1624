// Package wire has what packages graph and auth share about a single HTTP request: its User-Agent, its timeouts and
// repetitions, the headers of the answer (Retry-After, Date), and an error that explains why no answer came.
package wire
