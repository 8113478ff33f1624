package wire

import (
	"net/http"

	"github.com/google/uuid"
)

// Identify returns next, with the header User-Agent in every request.
func Identify(next http.RoundTripper, agent string) http.RoundTripper {
	return &identify{next: next, agent: agent}
}

// IdentifyToGraph returns next, with headers that name the program and, to Graph, the single request:
// support asks for the client-request-id where an answer with a request-id never came. The priority
// tells Graph to refuse this program first and the tenant's people last; it changes no limit.
// Sources: https://learn.microsoft.com/graph/best-practices-concept,
// https://learn.microsoft.com/graph/throttling-limits (x-ms-throttle-priority).
func IdentifyToGraph(next http.RoundTripper, agent string) http.RoundTripper {
	return &identify{next: next, agent: agent, graph: true}
}

type identify struct {
	next  http.RoundTripper
	agent string
	graph bool // the Graph host, not the sign-in service or the download host
}

func (i *identify) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	out.Header.Set("User-Agent", i.agent)
	if i.graph {
		out.Header.Set("client-request-id", uuid.NewString())
		if out.Header.Get("x-ms-throttle-priority") == "" { // a write has its own: somebody waits for it
			out.Header.Set("x-ms-throttle-priority", "low")
		}
	}
	resp, err := i.next.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	resp.Request = out // so that an error can name the id
	return resp, nil
}
