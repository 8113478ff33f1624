package directory

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

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

// namesakes finds the accounts that are listed under one sign-in name. It keeps the account that was created last,
// and of those created at the same time, or at an unknown one, the account that is listed last; it sets the others
// aside.
type namesakes struct {
	holders map[userindex.NameHash]nameHolder
	aside   SetAside
}

type nameHolder struct {
	id      [16]byte
	created int64 // seconds; 0 is unknown
}

func (n *namesakes) seeAccount(id [16]byte, userPrincipalName string, created *time.Time) {
	now := nameHolder{id: id}
	if created != nil {
		now.created = created.Unix()
	}
	name := userindex.HashName([]byte(userPrincipalName))
	before, taken := n.holders[name]
	switch {
	case taken && before.id == now.id:
	case taken && cmp.Less(now.created, before.created):
		n.aside[uuid.UUID(id).String()] = userPrincipalName
	default:
		if taken {
			n.aside[uuid.UUID(before.id).String()] = userPrincipalName
		}
		n.holders[name] = now
	}
}
