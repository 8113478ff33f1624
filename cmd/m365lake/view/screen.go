package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// A Screen is several sections that are shown together: one under the other for people, one JSON object for
// machines. It keeps the sections until Show, so that a command that fails half-way leaves no half document.
type Screen struct {
	asJSON   bool
	sections []*section
}

type section struct {
	name    string
	content bytes.Buffer
}

// NewScreen returns a screen for machines or for people.
func NewScreen(asJSON bool) *Screen { return &Screen{asJSON: asJSON} }

func (s *Screen) begin(name string) *bytes.Buffer {
	added := &section{name: name}
	s.sections = append(s.sections, added)
	return &added.content
}

// Table adds a section that is a table, which the caller writes. Its name is that in the JSON object.
func (s *Screen) Table(name string) Table {
	content := s.begin(name)
	if s.asJSON {
		return &jsonTable{w: content}
	}
	return NewTextTable(0, content)
}

// Line adds a section that is one line for people, formatted as by Printf; machines do not see it.
func (s *Screen) Line(format string, args ...any) {
	if !s.asJSON {
		fmt.Fprintf(s.begin(""), format+"\n", args...)
	}
}

// Value adds a section for machines; people do not see it.
func (s *Screen) Value(name string, value any) error {
	if !s.asJSON {
		return nil
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return err
	}
	s.begin(name).Write(encoded)
	return nil
}

// Show writes the screen to w, and returns failure, which is why a section is missing, or the error of writing.
// After a failure people see the sections that are there, and machines nothing.
func (s *Screen) Show(w io.Writer, failure error) error {
	if failure != nil && s.asJSON {
		return failure
	}
	var b bytes.Buffer
	for _, section := range s.sections {
		switch {
		case section.content.Len() == 0:
			continue
		case s.asJSON && b.Len() == 0:
			b.WriteByte('{')
		case s.asJSON:
			b.WriteString(", ")
		case b.Len() > 0:
			b.WriteByte('\n')
		}
		if s.asJSON {
			fmt.Fprintf(&b, "%q: ", section.name)
		}
		b.Write(section.content.Bytes())
	}
	if s.asJSON {
		b.WriteString("}\n")
	}
	if _, err := w.Write(b.Bytes()); err != nil && failure == nil {
		return err
	}
	return failure
}
