package directory

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"m365lake/internal/ids"
	"m365lake/transform/userindex"
)

// SetAside are the accounts, by id in lower case, that are left out of a listing of the users because a
// newer account is listed under the same sign-in name; the value is that name. Graph lists both when an
// account is renamed, and its name given to another, while the pages are read.
type SetAside map[string]string

// String says for the record of the run which accounts were set aside; it is empty when there are none.
func (s SetAside) String() string {
	if len(s) == 0 {
		return ""
	}
	const most = 10
	var named []string
	for _, id := range slices.Sorted(maps.Keys(s)) {
		if named = append(named, fmt.Sprintf("%s (%s)", id, s[id])); len(named) == most {
			break
		}
	}
	text := strings.Join(named, ", ")
	if more := len(s) - len(named); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return "set aside because a newer account is listed under the same sign-in name: " + text +
		"; what was known of them is kept, and the next run reads them again"
}

// Namesakes reads the raw file of /users for accounts that are listed under one sign-in name. It keeps the
// account that was created last, and of those created at the same time, or at an unknown one, the account
// that is listed last; it sets the others aside.
func Namesakes(r io.Reader) (SetAside, error) {
	type account struct {
		ID                string     `json:"id"`
		UserPrincipalName string     `json:"userPrincipalName"`
		CreatedDateTime   *time.Time `json:"createdDateTime"`
	}
	type holder struct {
		id      [16]byte
		created int64 // seconds; 0 is unknown
	}
	holders := map[userindex.NameHash]holder{}
	aside := SetAside{}
	for a, err := range values[account](r, "users") {
		if err != nil {
			return nil, err
		}
		id, err := ids.ParseGUID(a.ID)
		if err != nil || a.UserPrincipalName == "" {
			continue // Users says what is wrong
		}
		now := holder{id: id}
		if a.CreatedDateTime != nil {
			now.created = a.CreatedDateTime.Unix()
		}
		name := userindex.HashName([]byte(a.UserPrincipalName))
		before, taken := holders[name]
		switch {
		case taken && before.id == now.id:
		case taken && cmp.Less(now.created, before.created):
			aside[strings.ToLower(a.ID)] = a.UserPrincipalName
		default:
			if taken {
				aside[uuid.UUID(before.id).String()] = a.UserPrincipalName
			}
			holders[name] = now
		}
	}
	return aside, nil
}
