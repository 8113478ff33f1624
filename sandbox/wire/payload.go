package wire

import (
	"encoding/json"
	"slices"
)

// SortedNames lists the names in an object, for messages that must not depend on the order of a map.
func SortedNames(fields map[string]json.RawMessage) []string {
	names := make([]string, 0, len(fields))
	for n := range fields {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// TextOf is a JSON string; null is the empty one. It is false for any other JSON.
func TextOf(raw json.RawMessage) (s string, ok bool) {
	return s, json.Unmarshal(raw, &s) == nil
}

// IsNull is true for null and for an absent value.
func IsNull(raw json.RawMessage) bool { return raw == nil || string(raw) == "null" }
