package transform

import "strings"

// A UserIndex finds the people of one tenant. It is what is kept of the users while the reports
// stream by: about a hundred bytes for each.
type UserIndex struct {
	byName map[string]int32 // lower-case user principal name -> user_key
	lower  []byte
}

// KeyByName returns the user_key of the user with this principal name, whatever its case. It
// reuses a buffer, so one goroutine may use it at a time; see Clone.
func (x *UserIndex) KeyByName(name []byte) (int32, bool) {
	x.lower = x.lower[:0]
	for _, c := range name {
		if c >= 0x80 {
			key, ok := x.byName[strings.ToLower(string(name))]
			return key, ok
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		x.lower = append(x.lower, c)
	}
	key, ok := x.byName[string(x.lower)]
	return key, ok
}
