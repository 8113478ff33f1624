package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
)

// object reads the payload as a JSON object; when it is none, the answer says so
// in Graph's words.
func (c *call) object() (map[string]json.RawMessage, *answer) {
	if len(bytes.TrimSpace(c.payload)) == 0 {
		a := refusal(http.StatusBadRequest, "BadRequest", "Empty Payload. JSON content expected.")
		return nil, &a
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(c.payload, &fields); err != nil || fields == nil {
		a := refusal(http.StatusBadRequest, "BadRequest",
			"Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
		return nil, &a
	}
	return fields, nil
}

// sortedNames lists the names in an object, for messages that must not depend on
// chance.
func sortedNames(fields map[string]json.RawMessage) []string {
	names := make([]string, 0, len(fields))
	for n := range fields {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// textOf is a JSON string; null is the empty one.
func textOf(raw json.RawMessage) (s string, ok bool) {
	return s, json.Unmarshal(raw, &s) == nil
}

// isNull is true for an absent value too.
func isNull(raw json.RawMessage) bool { return raw == nil || string(raw) == "null" }
