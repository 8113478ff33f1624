package catalog

import (
	"testing"

	"m365lake/schemas"
)

// Of every column of a table that can hold words or point at a user it is said what that tells about
// people: what is not said would stay when a person is forgotten.
func TestEveryColumnIsDisclosed(t *testing.T) {
	for _, table := range Tables() {
		for _, c := range table.Columns {
			if c.Disclosure() == schemas.Undecided {
				t.Errorf("%s.%s is missing in schemas/disclosure.go", table.Name, c.Name)
			}
		}
	}
}

func TestDisclosureOfProperty(t *testing.T) {
	for name, want := range map[string]schemas.Disclosure{
		"id": schemas.Identifies, "userPrincipalName": schemas.Identifies, "mail": schemas.Identifies,
		"displayName": schemas.Names, "skuId": schemas.Plain, "createdDateTime": schemas.Plain,
		"jobTitle": schemas.Describes, "otherMails": schemas.Undecided,
	} {
		if got := schemas.DisclosureOfProperty(name); got != want {
			t.Errorf("%s: %d instead of %d", name, got, want)
		}
	}
}
