package graphapi

import (
	"encoding/json"
	"net/http"
	"strings"

	"m365lake/sandbox/books"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

// assignLicense is POST /users/{id}/assignLicense.
// Source: https://learn.microsoft.com/graph/api/user-assignlicense
func (s *API) assignLicense(c *call) *operation {
	op := operation{user: c.R.PathValue("id"), permissions: []string{permitLicenses, permitUsers}}
	wish, refused := c.licenseWish()
	if refused != nil {
		return refusing(op, *refused)
	}
	op.do = func(w books.Write) odata.Answer {
		return s.withUser(s.Books.AssignLicense(w, op.user, wish), http.StatusOK)
	}
	return &op
}

// reprocessLicenses is POST /users/{id}/reprocessLicenseAssignment.
// Source: https://learn.microsoft.com/graph/api/user-reprocesslicenseassignment
func (s *API) reprocessLicenses(c *call) *operation {
	user := c.R.PathValue("id")
	return &operation{user: user, permissions: []string{permitUsers},
		do: func(w books.Write) odata.Answer {
			return s.withUser(s.Books.ReprocessLicenses(w, user), http.StatusOK)
		}}
}

// badGUID is the answer to an id that is no GUID.
func badGUID() *odata.Answer {
	a := odata.BadRequest("Cannot convert a primitive value to the expected type 'Edm.Guid'. See the inner " +
		"exception for more details.")
	return &a
}

// licenseWish reads the payload of assignLicense. Both arrays are mandatory, and may be empty.
func (c *call) licenseWish() (w books.LicenseWish, refused *odata.Answer) {
	fields, refused := c.object()
	if refused != nil {
		return w, refused
	}
	refuse := func(message string) (books.LicenseWish, *odata.Answer) {
		a := odata.BadRequest(message)
		return books.LicenseWish{}, &a
	}
	var missing []string
	for _, name := range []string{"addLicenses", "removeLicenses"} {
		if fields[name] == nil {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return refuse("One or more parameters of the operation 'assignLicense' are missing from the request payload. " +
			"The missing parameters are: " + strings.Join(missing, ", ") + ".")
	}
	for _, name := range wire.SortedNames(fields) {
		if name != "addLicenses" && name != "removeLicenses" {
			return refuse("The parameter '" + wire.Printable(name) +
				"' in the request payload is not a valid parameter for the operation 'assignLicense'.")
		}
		if wire.IsNull(fields[name]) {
			return refuse("A null value was found for the parameter named '" + name + "', which does not allow null " +
				"values.")
		}
	}
	var add []map[string]json.RawMessage
	var remove []string
	if json.Unmarshal(fields["addLicenses"], &add) != nil || json.Unmarshal(fields["removeLicenses"], &remove) != nil {
		return refuse("Cannot convert a value to the expected type of a parameter of the operation 'assignLicense'.")
	}
	for _, f := range add {
		l, ok := wishedLicense(f)
		if !ok {
			return books.LicenseWish{}, badGUID()
		}
		w.Add = append(w.Add, l)
	}
	var ok bool
	if w.Remove, ok = lowerGUIDs(remove); !ok {
		return books.LicenseWish{}, badGUID()
	}
	return w, nil
}

// wishedLicense reads an element of addLicenses. It is false for an id that is no GUID.
func wishedLicense(f map[string]json.RawMessage) (l books.WishedLicense, ok bool) {
	sku, ok := wire.TextOf(f["skuId"])
	if !ok || !wire.IsGUID(sku) {
		return l, false
	}
	var disabled []string
	if f["disabledPlans"] != nil && json.Unmarshal(f["disabledPlans"], &disabled) != nil {
		return l, false
	}
	l.SKU = strings.ToLower(sku)
	l.Disabled, ok = lowerGUIDs(disabled)
	return l, ok
}

// lowerGUIDs is a list of GUIDs in lower case. It is false when one is none.
func lowerGUIDs(ids []string) ([]string, bool) {
	for i, id := range ids {
		if !wire.IsGUID(id) {
			return nil, false
		}
		ids[i] = strings.ToLower(id)
	}
	return ids, true
}
