package wire

import (
	"encoding/json"
	"strings"
)

// Members returns a JSON object's members by lower-cased name, and false where raw is no object.
func Members(raw []byte) (map[string]json.RawMessage, bool) {
	var object map[string]json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &object) != nil || object == nil {
		return nil, false
	}
	lower := make(map[string]json.RawMessage, len(object))
	for name, value := range object {
		lower[strings.ToLower(name)] = value
	}
	return lower, true
}

// JSONText returns a string, the "value" of an older OData message object, or a number as written. It is ""
// of everything else.
func JSONText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	if object, ok := Members(raw); ok {
		return JSONText(object["value"])
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}
