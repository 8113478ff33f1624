package graph

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// contents is what the client has to know of a page.
type contents struct {
	values     int    // elements of "value"
	collection bool   // "value" is an array
	next       string // @odata.nextLink
	members    int    // other than annotations
	failed     bool   // there is an "error"
}

// scan reads the top level of a page and skips what is below, so that a page is never decoded
// twice. The bytes must be one JSON object; a page that was cut short is not.
//
// Names that occur twice inside the values, and text that is not valid UTF-8, are for the reader of
// the values to judge: one odd display name must not end a listing of a million. Twice "value" or
// twice a nextLink at the top is an error, since either could be the one that counts.
func scan(body []byte) (contents, error) {
	var c contents
	d := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if d.PeekKind() != '{' {
		if _, err := d.ReadToken(); err != nil {
			return c, whole(err)
		}
		return c, errors.New("the answer is JSON, but not an object")
	}
	if _, err := d.ReadToken(); err != nil {
		return c, whole(err)
	}
	seen := map[string]bool{}
	for d.PeekKind() != '}' {
		token, err := d.ReadToken()
		if err != nil {
			return c, whole(err)
		}
		name := token.String()
		if known := name == "value" || name == "@odata.nextLink"; known && seen[name] {
			return c, fmt.Errorf("%q occurs twice", name)
		} else if known {
			seen[name] = true
		}
		if err := c.member(d, name); err != nil {
			return c, whole(err)
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return c, whole(err)
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return c, errors.New("there is more after the end of the page")
	}
	return c, nil
}

// member reads the value of one top-level member.
func (c *contents) member(d *jsontext.Decoder, name string) error {
	switch {
	case name == "@odata.nextLink":
		return c.nextLink(d)
	case name == "value" && d.PeekKind() == '[':
		c.collection = true
		return c.count(d)
	case name == "error" && d.PeekKind() != 'n':
		c.failed = true
	}
	if name[:min(len(name), 1)] != "@" && d.PeekKind() != 'n' {
		c.members++
	}
	return d.SkipValue()
}

func (c *contents) nextLink(d *jsontext.Decoder) error {
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	switch token.Kind() {
	case '"':
		c.next = token.String()
	case 'n': // as good as absent
	default:
		return errors.New("@odata.nextLink is not a string")
	}
	return nil
}

func (c *contents) count(d *jsontext.Decoder) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != ']' {
		if err := d.SkipValue(); err != nil {
			return err
		}
		c.values++
	}
	_, err := d.ReadToken()
	return err
}

// whole makes an end in the middle an unexpected one.
func whole(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
