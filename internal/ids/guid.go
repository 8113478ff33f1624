// Package ids recognizes the ids that Microsoft gives to tenants, applications, people and products.
package ids

import (
	"fmt"

	"github.com/google/uuid"
)

// GUIDPattern is the regular expression (RE2, ECMA 262) of what IsGUID accepts, for a JSON Schema.
const GUIDPattern = `^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`

// IsGUID reports whether text is a GUID in the form in which Microsoft writes them: 32 hexadecimal
// digits of either case in groups of 8-4-4-4-12, without braces or blanks.
func IsGUID(text string) bool {
	_, err := ParseGUID(text)
	return err == nil
}

// ParseGUID returns the value of a GUID that IsGUID accepts; two spellings of one GUID have the same
// value. Other text is an error.
func ParseGUID(text string) (uuid.UUID, error) {
	// uuid.Parse also accepts urn:uuid:, braces and 32 digits without hyphens, which are longer or shorter.
	if len(text) == len("00000000-0000-0000-0000-000000000000") {
		if id, err := uuid.Parse(text); err == nil {
			return id, nil
		}
	}
	return uuid.UUID{}, fmt.Errorf("%q is not a GUID", text)
}
