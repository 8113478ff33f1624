package directory

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// values yields the elements of "value" of a raw file of Graph pages, one object after the other.
// An element that does not fit T is an error that says where it stands and whose it is; but what does not fit of an
// element of a Listing is set aside, and the Listing must have the properties that its source must have.
func values[T any](r io.Reader, file string) iter.Seq2[*T, error] {
	listing, careful := r.(*Listing)
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
				if careful {
					if err := listing.complete(); err != nil {
						yield(nil, err)
					}
				}
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
					element, err := decoder.ReadValue()
					if err != nil {
						fail(err)
						return
					}
					value := new(T)
					if careful {
						listing.markPresent(element)
					}
					odd, err := unmarshal(element, value)
					if len(odd) > 0 && !careful {
						err = errors.New(odd[0])
					}
					switch {
					case err != nil && !careful:
						fail(fmt.Errorf("%s: %w", ownerOf(element), err))
						return
					case err != nil:
						listing.setAside(ownerOf(element), "it is no object of the kind that was asked for", true)
						n++
						continue
					case len(odd) > 0:
						listing.setAside(ownerOf(element), strings.Join(odd, ", "), false)
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
