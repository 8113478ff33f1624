package graphapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"m365lake/sandbox/faults"
	"m365lake/sandbox/wire"
)

// maxBatch is how many requests one batch takes (json-batching).
const maxBatch = 20

// batch is what the requests of one $batch know of each other.
type batch struct {
	subjects map[string]bool // accounts with a write in this batch
	chained  bool            // the request being served waited for another
}

// alone is false for the second write to one account: without dependsOn, the requests of a batch run at the same time.
func (b *batch) alone(subject string) bool {
	if b.chained {
		return true
	}
	before := b.subjects[subject]
	b.subjects[subject] = true
	return !before
}

type batchItem struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

type batchAnswer struct {
	ID      string            `json:"id"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    any               `json:"body,omitempty"`
}

// serveBatch serves POST /$batch.
// Source: https://learn.microsoft.com/graph/json-batching
func (s *API) serveBatch(c *call) {
	payload, err := io.ReadAll(http.MaxBytesReader(c.W, c.R.Body, maxPayload))
	var body struct {
		Requests []batchItem `json:"requests"`
	}
	if err != nil || json.Unmarshal(payload, &body) != nil || body.Requests == nil {
		c.Error(http.StatusBadRequest, "BadRequest", "Invalid batch payload format.")
		return
	}
	if problem := malformed(body.Requests); problem != "" {
		c.Error(http.StatusBadRequest, "BadRequest", problem)
		return
	}
	number := s.trouble.NextBatch()
	wrote := len(s.Books.Changes())
	b := &batch{subjects: map[string]bool{}}
	status := map[string]int{}
	answers := make([]batchAnswer, len(body.Requests))
	for i := range body.Requests {
		item := &body.Requests[i]
		answers[i] = s.batchItem(c, b, item, i+number, status)
		status[strings.ToLower(item.ID)] = answers[i].Status
	}
	lost, h := "", uint64(0)
	if len(s.Books.Changes()) > wrote { // what was written, before the answer was lost
		lost, h = s.trouble.Draw()
	}
	if lost == faults.WriteLost {
		if h%2 == 0 {
			panic(http.ErrAbortHandler) // drops the connection
		}
		c.Error(http.StatusGatewayTimeout, "UnknownError", "")
		return
	}
	turned := answers[number%len(answers):] // any order will do, and clients must not rely on one
	turned = append(append([]batchAnswer(nil), turned...), answers[:number%len(answers)]...)
	text, err := json.Marshal(map[string]any{"responses": turned})
	if err != nil {
		c.Error(http.StatusInternalServerError, "UnknownError", wire.Printable(err.Error()))
		return
	}
	c.W.Header().Set("Content-Type", "application/json")
	c.W.Write(text)
}

// malformed says what makes a batch unreadable as a whole.
func malformed(items []batchItem) string {
	if len(items) == 0 || len(items) > maxBatch {
		return "Number of batch request steps must be between 1 and 20."
	}
	seen := map[string]bool{}
	for i := range items {
		item := &items[i]
		id := strings.ToLower(item.ID)
		switch {
		case id == "":
			return "Invalid batch payload: every request needs an id."
		case seen[id]:
			return "Request Id " + wire.Printable(item.ID) + " has to be unique in a batch."
		case item.Method == "" || item.URL == "":
			return "Invalid batch payload: request " + wire.Printable(item.ID) + " needs a method and a url."
		case len(item.Body) > 0 && !hasContentType(item.Headers):
			return "Invalid batch payload: request " + wire.Printable(item.ID) + " has a body and no Content-Type " +
				"header."
		}
		for _, on := range item.DependsOn {
			if !seen[strings.ToLower(on)] {
				return "Invalid batch payload: " +
					"request " + wire.Printable(item.ID) + " depends on " + wire.Printable(on) + ", which is not " +
					"before it."
			}
		}
		seen[id] = true
	}
	return ""
}

func hasContentType(headers map[string]string) bool {
	for name := range headers {
		if strings.EqualFold(name, "Content-Type") {
			return true
		}
	}
	return false
}

// batchItem serves one request of a batch. turn alternates the faults.
func (s *API) batchItem(outer *call, b *batch, item *batchItem, turn int, status map[string]int) batchAnswer {
	w := &heldAnswer{head: http.Header{}}
	c := s.newCall(w)
	c.ClientID, c.batch, c.token = c.ID, b, outer.token
	w.Header().Set("request-id", c.ID)
	for _, on := range item.DependsOn {
		if status[strings.ToLower(on)] >= 400 {
			c.Error(http.StatusFailedDependency, "FailedDependency", "The request was not executed because the "+
				"request it depends on failed.")
			return answerOf(item.ID, w)
		}
	}
	link, err := url.Parse(strings.TrimPrefix(item.URL, "/"))
	if err != nil || link.IsAbs() {
		c.Error(http.StatusBadRequest, "BadRequest", "Invalid url in the batch: it is relative to the version, like "+
			"/users/{id}.")
		return answerOf(item.ID, w)
	}
	link.Path = Root + link.Path
	c.R = (&http.Request{Method: strings.ToUpper(item.Method), URL: link, Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(item.Body))}).WithContext(context.WithoutCancel(outer.R.Context()))
	for name, value := range item.Headers {
		c.R.Header.Set(name, value)
	}
	if a, ok := s.trouble.BatchItem(turn, item.URL); ok {
		c.Reply(a)
		return answerOf(item.ID, w)
	}
	b.chained = len(item.DependsOn) > 0
	s.dispatch(c)
	return answerOf(item.ID, w)
}

// heldAnswer keeps the answer to one request until the batch is answered.
type heldAnswer struct {
	head http.Header
	code int
	body bytes.Buffer
}

func (w *heldAnswer) Header() http.Header { return w.head }

func (w *heldAnswer) WriteHeader(code int) {
	if w.code == 0 {
		w.code = code
	}
}

func (w *heldAnswer) Write(b []byte) (int, error) { return w.body.Write(b) }

func answerOf(id string, w *heldAnswer) batchAnswer {
	a := batchAnswer{ID: id, Status: w.code, Headers: map[string]string{}}
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	for name := range w.head {
		a.Headers[name] = w.head.Get(name)
	}
	switch body := w.body.Bytes(); {
	case len(body) == 0:
	case json.Valid(body):
		a.Body = json.RawMessage(body)
	default:
		a.Body = body // base64, as Graph sends what is not JSON
	}
	return a
}
