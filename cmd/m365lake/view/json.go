package view

import (
	"encoding/json"
	"io"
)

// JSON writes a value for machines, indented, with <, > and & as they are.
func JSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
