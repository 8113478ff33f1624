package directory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// required are the properties of each source that decide something and that Graph leaves out, or sends as null, in
// every value of a listing only when the one who asks may not read them. A listing in which no value has one of them
// is an error: read as it is, it would say that nobody holds a licence, or that no account is disabled.
//
// Not listed are properties that may be null in a whole tenant, such as signInActivity in one where nobody came yet,
// and assignedLicenses of groups, which GroupMember.Read.All does not show.
// Source: learn.microsoft.com/graph/permissions-reference, User.ReadBasic.All
var required = map[string]struct {
	properties []string
	remedy     string
}{
	"users": {
		[]string{"assignedLicenses", "licenseAssignmentStates", "accountEnabled"},
		"grant the application permission User.Read.All (User.ReadBasic.All does not show it)",
	},
	"subscribed_skus": {
		[]string{"skuId", "skuPartNumber", "prepaidUnits", "consumedUnits", "servicePlans"},
		"grant the application permission Organization.Read.All",
	},
	"subscriptions": {
		[]string{"id", "skuId", "status", "totalLicenses"},
		"grant the application permission Organization.Read.All",
	},
	"license_groups":   {[]string{"id"}, "grant the application permission GroupMember.Read.All"},
	"deleted_users":    {[]string{"id", "deletedDateTime"}, "grant the application permission User.Read.All"},
	"role_definitions": {[]string{"id", "displayName"}, "grant the application permission RoleManagement.Read.Directory"},
	"role_assignments": {
		[]string{"principalId", "roleDefinitionId"},
		"grant the application permission RoleManagement.Read.Directory",
	},
	"sign_ins": {[]string{"id"}, "grant the application permission AuditLog.Read.All"},
}

// A Listing is the raw file of a source, read with care: the readers of this package set aside what they cannot use of
// it instead of failing, and fail when it lacks a property that it must have. It is read once, by one goroutine.
type Listing struct {
	io.Reader
	source  string
	values  int
	absent  []string // the required properties that no value had so far
	odd     []string // what was set aside, as text
	unusual int      // how many values have something odd
	unused  int      // of which none was used at all
}

// NewListing returns the listing of a source, such as users, from its raw file.
func NewListing(r io.Reader, source string) *Listing {
	return &Listing{Reader: r, source: source, absent: slices.Clone(required[source].properties)}
}

// Remark says for the record of the run what was set aside, of whom and why; it is empty when nothing was.
func (l *Listing) Remark() string {
	if l.unusual == 0 {
		return ""
	}
	const most = 10
	text := strings.Join(l.odd[:min(len(l.odd), most)], "; ")
	if more := len(l.odd) - most; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return fmt.Sprintf("set aside in %d of %d %s: %s", l.unusual, l.values, strings.ReplaceAll(l.source, "_", " "), text)
}

// markPresent notes which of the required properties a value has.
func (l *Listing) markPresent(value jsontext.Value) {
	l.values++
	if len(l.absent) == 0 {
		return
	}
	d := jsontext.NewDecoder(bytes.NewReader(value), lenient)
	if _, err := d.ReadToken(); err != nil {
		return
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return
		}
		property := name.String()
		if d.PeekKind() != 'n' {
			l.absent = slices.DeleteFunc(l.absent, func(p string) bool { return p == property })
		}
		if d.SkipValue() != nil {
			return
		}
	}
}

// complete is an error when the listing lacks what it must have, or when more of it was set aside than a few odd
// values.
func (l *Listing) complete() error {
	if l.values > 0 && len(l.absent) > 0 {
		return fmt.Errorf("%s: none of the %d values that Graph sent has %s, so that nothing can be told from them; "+
			"%s; the earlier rows are kept", l.source, l.values, strings.Join(l.absent, ", "), required[l.source].remedy)
	}
	if l.unused > fewOdd(l.values) {
		return fmt.Errorf("%s: %d of %d values cannot be used, which is more than a few odd ones; the earlier rows "+
			"are kept: %s", l.source, l.unused, l.values, l.Remark())
	}
	return nil
}

// fewOdd is how many values of a listing may be set aside whole: one in twenty, but one in any listing of several.
func fewOdd(values int) int {
	if values < 2 {
		return 0
	}
	return max(1, values/20)
}

// setAside notes what was set aside of a value. unused says that it was all of it.
func (l *Listing) setAside(of, what string, unused bool) {
	if entry := of + ": " + what; !slices.Contains(l.odd, entry) {
		l.odd = append(l.odd, entry)
		l.unusual++
		if unused {
			l.unused++
		}
	}
}

// setAsideOf notes that a value that was read cannot be used, where the reader is a Listing; otherwise it is false.
func setAsideOf(r io.Reader, of, what string) bool {
	listing, ok := r.(*Listing)
	if ok {
		listing.setAside(of, what, true)
	}
	return ok
}

var lenient = jsontext.AllowDuplicateNames(true)

// ownerOf is what a value calls itself, for messages: its id, and its sign-in name if it has one.
func ownerOf(value jsontext.Value) string {
	var named map[string]jsontext.Value
	if json.Unmarshal(value, &named, lenient, jsontext.AllowInvalidUTF8(true)) != nil {
		return "a value that is no object"
	}
	textOf := func(name string) (text string) {
		_ = json.Unmarshal(named[name], &text) // another form is as good as none
		return text
	}
	id := ""
	for _, name := range []string{"id", "skuId", "principalId"} {
		if id = textOf(name); id != "" {
			break
		}
	}
	switch name := textOf("userPrincipalName"); {
	case id != "" && name != "":
		return id + " (" + name + ")"
	case id+name != "":
		return id + name
	}
	return "a value without an id"
}

// mostOdd bounds how many properties of one value are set aside.
const mostOdd = 20

// unmarshal reads a value into a Go value. Properties that do not fit are read as null; they are returned, each with
// the reason. An error says that the value does not fit as a whole.
func unmarshal(value jsontext.Value, into any) (odd []string, err error) {
	for range mostOdd {
		err = json.Unmarshal(value, into, lenient, jsontext.AllowInvalidUTF8(true))
		var misfit *json.SemanticError
		if err == nil || !errors.As(err, &misfit) {
			return odd, err
		}
		property := memberOf(misfit.JSONPointer)
		found, without := withoutMember(value, property)
		if found == nil {
			return odd, err
		}
		value = without
		odd = append(odd, strings.TrimPrefix(string(property), "/")+" "+misfitText(misfit, found))
	}
	return odd, err
}

// misfitText says what is wrong with a value of a property. Only a date is shown: it is nobody's name or number.
func misfitText(misfit *json.SemanticError, found jsontext.Value) string {
	kind := map[jsontext.Kind]string{
		'"': "a text", '0': "a number", 't': "true", 'f': "false", '{': "an object", '[': "a list",
	}[found.Kind()]
	if misfit.GoType != nil && strings.HasSuffix(misfit.GoType.String(), "time.Time") && found.Kind() == '"' {
		var text string
		_ = json.Unmarshal(found, &text)
		if len(text) > 40 {
			text = text[:40]
		}
		return strconv.Quote(text) + " is no time such as 2026-01-31T08:00:00Z"
	}
	return "is " + kind + ", which does not belong there"
}

// memberOf is the member of an object that a pointer leads to, or that holds the list that it leads into.
func memberOf(pointer jsontext.Pointer) jsontext.Pointer {
	for pointer != "" {
		if _, err := strconv.Atoi(pointer.LastToken()); err != nil {
			break
		}
		pointer = pointer.Parent()
	}
	return pointer
}

// withoutMember returns the value of a member and the whole with null instead of it, wherever the member stands. It
// returns nil for both when there is none.
func withoutMember(whole jsontext.Value, member jsontext.Pointer) (found, without jsontext.Value) {
	d := jsontext.NewDecoder(bytes.NewReader(whole), lenient, jsontext.AllowInvalidUTF8(true))
	var from int64
	for {
		token, err := d.ReadToken()
		if err != nil {
			break
		}
		if token.Kind() != '"' || d.StackPointer() != member {
			continue
		}
		if kind, length := d.StackIndex(d.StackDepth()); kind != '{' || length%2 == 0 {
			continue // the value, not the name
		}
		value, err := d.ReadValue()
		if err != nil {
			return nil, nil
		}
		if found == nil {
			found = value.Clone()
		}
		end := d.InputOffset()
		without = append(append(without, whole[from:end-int64(len(value))]...), "null"...)
		from = end
	}
	if found == nil {
		return nil, nil
	}
	return found, append(without, whole[from:]...)
}
