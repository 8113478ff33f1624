package schemas

import (
	"testing"
)

func TestHashFollowsTheShape(t *testing.T) {
	a := Table{Name: "t", Key: []string{"x"}, Columns: []Column{{Name: "x", Type: Text}}}
	b := a
	b.Columns = []Column{{Name: "x", Type: Text, Doc: "a better sentence"}}
	if a.Hash() != b.Hash() {
		t.Error("documentation changes the hash")
	}
	for name, columns := range map[string][]Column{
		"type":     {{Name: "x", Type: Date}},
		"name":     {{Name: "y", Type: Text}},
		"required": {{Name: "x", Type: Text, Required: true}},
		"more":     {{Name: "x", Type: Text}, {Name: "y", Type: Text}},
	} {
		b.Columns = columns
		if a.Hash() == b.Hash() {
			t.Errorf("another %s does not change the hash", name)
		}
	}
}
