package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/sourcegraph/conc/pool"

	"m365lake/graph/wire"
	"m365lake/internal/text"
)

// A BatchRequest is one GET of many. There are no writes in batches: those to one tenant would run
// into each other, and a lost answer would leave twenty of them open.
// Source: https://learn.microsoft.com/graph/json-batching
type BatchRequest struct {
	Path    string            // below the version, such as "/users/{id}?$select=id"
	Headers map[string]string // such as ConsistencyLevel
}

// A BatchResponse is the answer to one of them.
type BatchResponse struct {
	Body json.RawMessage // nil where Err is not
	Err  error           // *Error: Graph refused this one request
}

const (
	// batchSize is the most requests that Graph takes in one batch.
	batchSize = 20
	// batchesAtOnce bounds the batches in flight. Each of their requests counts against the limits.
	batchesAtOnce = 4
)

// Batch asks for all requests and answers in their order. Those that were throttled or met a passing
// fault are asked for again, alone, after the longest wait that any of them names. The error is of
// the whole: the host cannot be reached, or refuses the batch itself.
func (c *Client) Batch(ctx context.Context, requests []BatchRequest) ([]BatchResponse, error) {
	responses := make([]BatchResponse, len(requests))
	tasks := pool.New().WithContext(ctx).WithMaxGoroutines(batchesAtOnce).WithCancelOnError().WithFirstError()
	for from := 0; from < len(requests); from += batchSize {
		to := min(from+batchSize, len(requests))
		tasks.Go(func(ctx context.Context) error { return c.batch(ctx, requests[from:to], responses[from:to]) })
	}
	if err := tasks.Wait(); err != nil {
		return nil, err
	}
	return responses, nil
}

// batch asks for at most batchSize requests until each has an answer that stands.
func (c *Client) batch(ctx context.Context, requests []BatchRequest, responses []BatchResponse) error {
	ctx = context.WithValue(ctx, readsKey{}, true)
	open := make([]int, len(requests))
	for i := range open {
		open[i] = i
	}
	waits := wire.NewBackoff(c.patience.BaseDelay, c.patience.MaxWait)
	// Only tries that bring nothing count: a batch of which half is refused gets there in a few more.
	for tries := uint(1); ; tries++ {
		again, retryAfter, err := c.batchOnce(ctx, requests, responses, open)
		if err != nil || len(again) == 0 {
			return err
		}
		if len(again) < len(open) {
			tries = 0
		}
		if tries == c.patience.MaxTries {
			return nil // the refusals stand
		}
		delay, more := waits.Next(retryAfter)
		if !more {
			return nil // the refusals stand
		}
		first := responses[again[0]].Err
		for _, i := range again {
			if e, ok := responses[i].Err.(*Error); ok && e.Throttled() { //nolint:errorlint // made here, unwrapped
				first = e
				c.pauses.hold("directory", delay)
			}
		}
		reason := fmt.Sprintf("%d of %d requests in a batch", len(again), len(open))
		wait := wire.Wait{Path: batchPath, Delay: delay, Reason: reason}
		if e, ok := first.(*Error); ok { //nolint:errorlint // made here, unwrapped
			wait.Status, wait.Reason = e.Status, reason+": "+e.brief()
		}
		c.counts.retries.Add(1)
		c.announce(wait)
		if c.patience.Clock.Sleep(ctx, delay) != nil {
			return wire.Stopped(ctx, batchPath)
		}
		open = again
	}
}

const batchPath = "/v1.0/$batch"

// batchOnce sends the open requests once. It returns those worth another try, and the longest time that
// any of them asks to wait.
func (c *Client) batchOnce(
	ctx context.Context, requests []BatchRequest, responses []BatchResponse, open []int,
) (again []int, retryAfter time.Duration, err error) {
	type item struct {
		ID      string            `json:"id"`
		Method  string            `json:"method"`
		URL     string            `json:"url"`
		Headers map[string]string `json:"headers,omitempty"`
	}
	items := make([]item, 0, len(open))
	for _, i := range open {
		path := strings.ReplaceAll(requests[i].Path, " ", "%20")
		items = append(items, item{strconv.Itoa(i), http.MethodGet, path, requests[i].Headers})
	}
	answers, requestID, err := c.sendBatch(ctx, map[string]any{"requests": items})
	if err != nil {
		return nil, 0, err
	}
	for _, i := range open {
		path, _, _ := strings.Cut(requests[i].Path, "?")
		answer, found := answers[strconv.Itoa(i)]
		if !found { // worth a try, and after the last one an error of its own
			responses[i] = BatchResponse{
				Err: &Error{
					Status:    http.StatusOK,
					Path:      path,
					RequestID: requestID,
					Message:   "the batch came back without an answer to this request",
				},
			}
			again = append(again, i)
			continue
		}
		if answer.Status >= 200 && answer.Status < 300 {
			responses[i] = BatchResponse{Body: answer.Body}
			continue
		}
		resp := &http.Response{StatusCode: answer.Status, Header: http.Header{}}
		for name, value := range answer.Headers {
			resp.Header.Set(name, wire.JSONText(value))
		}
		failure := c.responseError(resp, path, answer.Body)
		if failure.RequestID == "" {
			failure.RequestID = requestID
		}
		responses[i] = BatchResponse{Err: failure}
		// 424 is the fate of a request whose predecessor failed. Ours have none, so that it passes.
		if failure.passing(true) || answer.Status == http.StatusFailedDependency {
			retryAfter = max(retryAfter, failure.RetryAfter)
			again = append(again, i)
		}
	}
	return again, retryAfter, nil
}

// A batchAnswer is one of "responses".
type batchAnswer struct {
	ID      string                     `json:"id"`
	Status  int                        `json:"status"`
	Headers map[string]json.RawMessage `json:"headers"`
	Body    json.RawMessage            `json:"body"`
}

// sendBatch returns the answers by id: Graph gives them in any order. A damaged answer is asked for
// once more, which is right because all requests only read.
func (c *Client) sendBatch(ctx context.Context, batch any) (map[string]batchAnswer, string, error) {
	answers, requestID, err := c.sendBatchOnce(ctx, batch)
	if damaged := (*damagedError)(nil); err == nil || ctx.Err() != nil || !errors.As(err, &damaged) {
		return answers, requestID, err
	}
	c.counts.retries.Add(1)
	c.announce(
		wire.Wait{
			Path:   batchPath,
			Status: http.StatusOK,
			Delay:  c.patience.BaseDelay,
			Reason: text.OneLine(err.Error(), 300),
		},
	)
	if c.patience.Clock.Sleep(ctx, c.patience.BaseDelay) != nil {
		return nil, "", wire.Stopped(ctx, batchPath)
	}
	return c.sendBatchOnce(ctx, batch)
}

func (c *Client) sendBatchOnce(ctx context.Context, batch any) (map[string]batchAnswer, string, error) {
	u, err := c.resolve(batchPath)
	if err != nil {
		return nil, "", err
	}
	req, err := newRequest(ctx, u, u.Path)
	if err != nil {
		return nil, "", err
	}
	req.Method = http.MethodPost
	req.Header.Set("Accept", "application/json")
	if err := setBody(req, batch); err != nil {
		return nil, "", err
	}
	resp, err := c.graph.RoundTrip(req)
	if err != nil {
		return nil, "", err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return nil, "", c.responseError(resp, u.Path, wire.ReadError(resp))
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, "", c.unexpected(resp, u.Path)
	}
	requestID := text.OneLine(resp.Header.Get("request-id"), 80)
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.pageLimit))
	if err != nil && ctx.Err() != nil {
		return nil, "", wire.Stopped(ctx, u.Path)
	}
	if err != nil {
		return nil, "", &damagedError{u.Path, requestID, err}
	}
	answers, err := parseBatch(body)
	if err != nil {
		return nil, "", &damagedError{u.Path, requestID, err}
	}
	return answers, requestID, nil
}

// parseBatch reads {"responses":[{"id","status","headers","body"}]}.
func parseBatch(body []byte) (map[string]batchAnswer, error) {
	var all struct {
		Responses []batchAnswer `json:"responses"`
	}
	if err := json.Unmarshal(body, &all); err != nil {
		return nil, err
	}
	if all.Responses == nil {
		return nil, errors.New(`there is no "responses" array`)
	}
	answers := make(map[string]batchAnswer, len(all.Responses))
	for _, answer := range all.Responses {
		if _, twice := answers[answer.ID]; twice {
			return nil, fmt.Errorf("two answers to request %s", text.OneLine(answer.ID, 40))
		}
		answers[answer.ID] = answer
	}
	return answers, nil
}
