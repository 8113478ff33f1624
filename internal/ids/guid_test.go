package ids

import (
	"regexp"
	"strings"
	"testing"
)

func TestOnlyTheCanonicalFormIsAGUID(t *testing.T) {
	const guid = "0df01d5c-4c5d-4e6f-8b4a-0123456789ab"
	pattern := regexp.MustCompile(GUIDPattern)
	cases := map[string]bool{
		guid: true, strings.ToUpper(guid): true, "00000000-0000-0000-0000-000000000000": true,
		"": false, "{" + guid + "}": false, "urn:uuid:" + guid: false, strings.ReplaceAll(guid, "-", ""): false,
		" " + guid: false, guid + "\n": false, guid[:35]: false, guid[:35] + "g": false,
		strings.Replace(guid, "-", "0", 1): false, "0df01d5c4-c5d-4e6f-8b4a-0123456789ab": false,
	}
	for text, want := range cases {
		if got := IsGUID(text); got != want {
			t.Errorf("IsGUID(%q) = %v", text, got)
		}
		if got := pattern.MatchString(text); got != want {
			t.Errorf("GUIDPattern matches %q: %v", text, got)
		}
	}
	lower, err := ParseGUID(guid)
	if err != nil {
		t.Fatal(err)
	}
	if upper, err := ParseGUID(strings.ToUpper(guid)); err != nil || upper != lower {
		t.Errorf("the spellings differ: %v, %v, %v", lower, upper, err)
	}
}
