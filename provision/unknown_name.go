package provision

import (
	"fmt"
	"strings"
)

// Alternatives lists the values for a sentence that says what is allowed.
func Alternatives[T ~string](known []T) string {
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// UnknownNameError is a name that this program does not know.
type UnknownNameError struct {
	Where string // file and line, or table
	What  string // setting, column, action
	Name  string
	Known []string
}

func (e *UnknownNameError) Error() string {
	return fmt.Sprintf("%s: unknown %s %q", e.Where, e.What, e.Name)
}
