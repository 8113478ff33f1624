package view

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestScreen(t *testing.T) {
	lost := errors.New("lost")
	for _, c := range []struct {
		asJSON  bool
		failure error
		want    string
	}{
		{false, nil, "first\n\nlast\n"},
		{false, lost, "first\n\nlast\n"},
		{true, nil, `{"numbers": [1,2], "more": {"a":true}}` + "\n"},
		{true, lost, ""},
	} {
		s := NewScreen(c.asJSON)
		s.Line("%s", "first")
		if err := errors.Join(s.Value("numbers", []int{1, 2}), s.Value("more", map[string]bool{"a": true})); err != nil {
			t.Fatal(err)
		}
		s.Table("empty") // nothing was written to it
		s.Line("last")
		var b strings.Builder
		if err := s.Show(&b, c.failure); !errors.Is(err, c.failure) || b.String() != c.want {
			t.Errorf("%+v: %q, %v", c, b.String(), err)
		}
		if c.asJSON && c.failure == nil && !json.Valid([]byte(b.String())) {
			t.Errorf("%q is no JSON", b.String())
		}
	}
}
