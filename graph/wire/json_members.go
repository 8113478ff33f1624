package wire

import (
	"encoding/json"
	"strings"
)

// members returns an object's members by lower-cased name.
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

// jsonText returns a string, the "value" of an older OData message object, or a number as written.
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
