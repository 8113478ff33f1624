package odata

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"m365lake/sandbox/clock"
	"m365lake/sandbox/wire"
)

// ContextRoot begins every @odata.context. It names the schema, not the host.
const ContextRoot = "https://graph.microsoft.com/v1.0/$metadata#"

// Call is one authorized request to Graph, by itself or in a $batch, and the way to answer it. It belongs to the
// request's goroutine.
type Call struct {
	W        http.ResponseWriter
	R        *http.Request
	ID       string // request-id
	ClientID string // client-request-id
	Query    url.Values
	Clock    clock.Clock
}

// Error answers with an error in Graph's own form.
func (c *Call) Error(status int, code, message string) { c.ErrorWithDetails(status, code, message, "") }

// ErrorWithDetails is Error with details, a JSON array, unless they are empty.
func (c *Call) ErrorWithDetails(status int, code, message, details string) {
	b := append([]byte(nil), `{"error":{"code":`...)
	b = wire.AppendText(b, code)
	b = wire.AppendText(append(b, `,"message":`...), message)
	if details != "" {
		b = append(append(b, `,"details":`...), details...)
	}
	b = append(b, `,"innerError":{"date":"`...)
	b = append(b, c.Clock.Tenant().Format("2006-01-02T15:04:05")...)
	b = wire.AppendText(append(b, `","request-id":`...), c.ID)
	b = wire.AppendText(append(b, `,"client-request-id":`...), wire.Printable(c.ClientID))
	b = append(b, `}}}`...)
	c.W.Header().Set("Content-Type", "application/json")
	c.W.WriteHeader(status)
	c.W.Write(b)
}

// ReportError wraps an error the way the report service does: the message of the outer error is the inner one as text.
func (c *Call) ReportError(status int, code, message string) {
	b := wire.AppendText(append([]byte(nil), `{"error":{"code":`...), code)
	b = wire.AppendText(append(b, `,"message":`...), message)
	c.Error(status, "UnknownError", string(append(b, `}}`...)))
}

// UnknownProperty is Graph's answer to a $select it cannot serve.
func (c *Call) UnknownProperty(property, kind string) {
	c.Error(http.StatusBadRequest, "BadRequest", "Parsing OData Select and Expand failed: Could not find a property "+
		"named '"+
		wire.Printable(property)+"' on type 'microsoft.graph."+kind+"'.")
}

// UnknownSegment is Graph's answer to a path that leads to nothing.
func (c *Call) UnknownSegment(segment string) {
	c.Error(http.StatusBadRequest, "BadRequest", "Resource not found for the segment '"+wire.Printable(segment)+"'.")
}

// NoResource is Graph's answer for an object that does not exist.
func (c *Call) NoResource(key string) {
	c.Error(http.StatusNotFound, "Request_ResourceNotFound",
		"Resource '"+wire.Printable(key)+"' does not exist or one of its queried reference-property objects are not "+
			"present.")
}

// JSONType is the content type of an answer of Graph that is no error.
const JSONType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"

// MarkDirectory marks an answer of the directory and says what it cost in resource units.
func (c *Call) MarkDirectory(units int) {
	h := c.W.Header()
	h.Set("Content-Type", JSONType)
	h.Set("OData-Version", "4.0")
	h.Set("x-ms-resource-unit", strconv.Itoa(max(units, 1)))
}

// Selected is the $select option as a list, nil without one.
func (c *Call) Selected() []string {
	given := c.Query.Get("$select")
	if given == "" {
		return nil
	}
	names := strings.Split(given, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

// WantsCount says whether a list shall tell how long it is, which needs the header ConsistencyLevel as well.
func (c *Call) WantsCount() bool {
	return c.Query.Get("$count") == "true" && strings.EqualFold(c.R.Header.Get("ConsistencyLevel"), "eventual")
}

// QuotedAfter is the text in quotes that a $filter ends in, after start. A quote within is written twice.
func QuotedAfter(filter, start string) (text string, ok bool) {
	quoted, found := strings.CutPrefix(filter, start+"'")
	inner, ends := strings.CutSuffix(quoted, "'")
	return strings.ReplaceAll(inner, "''", "'"), found && ends
}
