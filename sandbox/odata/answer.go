package odata

import (
	"net/http"

	"m365lake/sandbox/wire"
)

// Answer is what a write comes to: an error when its status is 400 or more.
type Answer struct {
	Status  int
	Code    string // of an error
	Message string // of an error
	Details string // of an error: a JSON array, or empty
	Body    []byte
	Header  map[string]string
}

// Refusal is an answer that is an error.
func Refusal(status int, code, message string) Answer {
	return Answer{Status: status, Code: code, Message: message}
}

// BadRequest is how the directory answers nearly everything it cannot do: one code, and only the message tells.
func BadRequest(message string) Answer {
	return Refusal(http.StatusBadRequest, "Request_BadRequest", message)
}

// NotPermitted is the answer to a request whose token lacks a permission or a role.
func NotPermitted() Answer {
	return Refusal(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the "+
		"operation.")
}

// NotFound is the answer about an object that does not exist.
func NotFound(key string) Answer {
	return Refusal(http.StatusNotFound, "Request_ResourceNotFound",
		"Resource '"+wire.Printable(key)+"' does not exist or one of its queried reference-property objects are not "+
			"present.")
}

// Reply sends the answer of a write.
func (c *Call) Reply(a Answer) {
	for name, value := range a.Header {
		c.W.Header().Set(name, value)
	}
	switch {
	case a.Status >= 400:
		c.ErrorWithDetails(a.Status, a.Code, a.Message, a.Details)
	case a.Status == http.StatusNoContent:
		c.W.Header().Set("x-ms-resource-unit", "1")
		c.W.WriteHeader(a.Status)
	default:
		c.MarkDirectory(1)
		c.W.WriteHeader(a.Status)
		c.W.Write(a.Body)
	}
}
