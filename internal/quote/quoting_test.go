package quote

import (
	"testing"
)

func TestIdentifierAndLiteral(t *testing.T) {
	if got := Identifier(`a"b`); got != `"a""b"` {
		t.Error(got)
	}
	if got := Literal(`it's`); got != `'it''s'` {
		t.Error(got)
	}
}
