package odata

import (
	"strings"

	"m365lake/sandbox/wire"
)

// Field writes one property of an object.
type Field[T any] struct {
	Name  string
	Write func(b []byte, v T) []byte
}

// Property is a Field.
func Property[T any](name string, write func(b []byte, v T) []byte) Field[T] {
	return Field[T]{name, write}
}

// Choose resolves $select. It returns the name it does not know, if any; nil names are all fields.
func Choose[T any](all []Field[T], names []string) (chosen []Field[T], unknown string) {
	if names == nil {
		return all, ""
	}
	for _, n := range names {
		found := false
		for _, f := range all {
			if f.Name == n {
				chosen, found = append(chosen, f), true
			}
		}
		if !found {
			return nil, n
		}
	}
	return chosen, ""
}

// Text is a property that is a text, null when it is empty.
func Text[T any](get func(T) string) func([]byte, T) []byte {
	return func(b []byte, v T) []byte { return wire.AppendTextOrNull(b, get(v)) }
}

// Literal is a property that is the same JSON for every object.
func Literal[T any](json string) func([]byte, T) []byte {
	return func(b []byte, _ T) []byte { return append(b, json...) }
}

// AppendObject writes an object of the fields.
func AppendObject[T any](b []byte, fields []Field[T], v T) []byte {
	b = append(b, '{')
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), f.Name...), `":`...)
		b = f.Write(b, v)
	}
	return append(b, '}')
}

// AppendTyped writes an object of a list that holds several kinds: its kind, and those of the selected properties that
// the kind has.
func AppendTyped[T any](b []byte, kind string, all []Field[T], names []string, v T) []byte {
	fields := all
	if names != nil {
		fields = nil
		for _, n := range names {
			if f, unknown := Choose(all, []string{n}); unknown == "" {
				fields = append(fields, f...)
			}
		}
	}
	typed := append([]Field[T]{{"@odata.type", Literal[T](`"#microsoft.graph.` + kind + `"`)}}, fields...)
	return AppendObject(b, typed, v)
}

// AppendContext opens an object with its @odata.context.
func AppendContext(b []byte, set string, selected []string) []byte {
	b = append(append(b, `{"@odata.context":"`+ContextRoot...), set...)
	if selected != nil {
		b = append(append(append(b, '('), strings.Join(selected, ",")...), ')')
	}
	return append(b, '"')
}

// AppendEntity writes one object of a set as an answer: its @odata.context, and then what object, which is a whole JSON
// object, holds.
func AppendEntity(b []byte, set string, selected []string, object []byte) []byte {
	b = AppendContext(b, set, selected)
	b = append(b[:len(b)-1], `/$entity",`...)
	return append(b, object[1:]...)
}

// AnswerCollection answers with a list that fits on one page. units is what it costs without a $select.
func AnswerCollection[T any](c *Call, set, kind string, units int, all []Field[T], list []T) {
	names := c.Selected()
	fields, unknown := Choose(all, names)
	if unknown != "" {
		c.UnknownProperty(unknown, kind)
		return
	}
	b := append(AppendContext(nil, set, names), `,"value":[`...)
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendObject(b, fields, list[i])
	}
	if names != nil {
		units--
	}
	c.MarkDirectory(units)
	c.W.Write(append(b, `]}`...))
}

// AnswerEntity answers with one object.
func AnswerEntity[T any](c *Call, set, kind string, all []Field[T], v T) {
	names := c.Selected()
	fields, unknown := Choose(all, names)
	if unknown != "" {
		c.UnknownProperty(unknown, kind)
		return
	}
	c.MarkDirectory(1)
	c.W.Write(AppendEntity(nil, set, names, AppendObject(nil, fields, v)))
}
