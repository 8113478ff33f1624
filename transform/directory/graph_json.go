package directory

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// values yields the elements of "value" of a raw file of Graph pages, one object after the other.
// An element that does not fit T is an error that says where it stands.
func values[T any](r io.Reader, file string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		// Names Graph repeats or text it garbles must not cost a night's run.
		decoder := jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
		var n int
		fail := func(err error) {
			yield(
				nil,
				fmt.Errorf(
					"%s: value %d at byte %d: %w (the raw file is damaged or Graph answered in a new form; run sync --fresh)",
					file,
					n+1,
					decoder.InputOffset(),
					err,
				),
			)
		}
		for {
			token, err := decoder.ReadToken()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				fail(err)
				return
			}
			if token.Kind() != '{' {
				fail(fmt.Errorf("a page begins with %q instead of an object", token.String()))
				return
			}
			for decoder.PeekKind() != '}' {
				name, err := decoder.ReadToken()
				if err != nil {
					fail(err)
					return
				}
				if name.String() != "value" || decoder.PeekKind() != '[' {
					if err := decoder.SkipValue(); err != nil {
						fail(err)
						return
					}
					continue
				}
				if _, err := decoder.ReadToken(); err != nil {
					fail(err)
					return
				}
				for decoder.PeekKind() != ']' {
					value := new(T)
					if err := json.UnmarshalDecode(decoder, value); err != nil {
						fail(err)
						return
					}
					n++
					if !yield(value, nil) {
						return
					}
				}
				if _, err := decoder.ReadToken(); err != nil {
					fail(err)
					return
				}
			}
			if _, err := decoder.ReadToken(); err != nil {
				fail(err)
				return
			}
		}
	}
}
