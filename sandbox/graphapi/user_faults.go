package graphapi

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"m365lake/sandbox/faults"
	"m365lake/sandbox/odata"
)

// shortListing is of how many people a listing cut short names one.
const shortListing = 10

// countUsers serves /users/$count: how many people /users lists, as plain text with a byte order mark.
// Source: https://learn.microsoft.com/graph/api/user-list
func (s *API) countUsers(c *call) {
	if s.Faults.On(faults.NoUserCount) || s.Faults.On(faults.UsersForbidden) {
		c.Error(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the "+
			"operation.")
		return
	}
	if c.R.Header.Get("ConsistencyLevel") != "eventual" {
		c.Error(http.StatusBadRequest, "Request_BadRequest",
			"$count is not currently supported without the header ConsistencyLevel: eventual.")
		return
	}
	v, total := s.view(nil), 0
	for n := range v.reader.Places() {
		if v.see(n) {
			total++
		}
	}
	c.MarkDirectory(1)
	c.W.Header().Set("Content-Type", "text/plain")
	c.W.Write([]byte("\ufeff" + strconv.Itoa(total)))
}

// basicFields are the properties of others that User.ReadBasic.All permits to read.
// Source: https://learn.microsoft.com/graph/permissions-reference#userreadbasicall
var basicFields = []string{"id", "displayName", "givenName", "surname", "mail", "userPrincipalName"}

// spoilFields takes from the fields what a fault takes.
func (v *userView) spoilFields(set faults.Set) {
	if set.On(faults.BasicUsers) {
		v.manager = false
		v.fields = slices.DeleteFunc(v.fields, func(f odata.Field[*userView]) bool {
			return !slices.Contains(basicFields, f.Name)
		})
	}
	if set.On(faults.NoLicenses) {
		for i, f := range v.fields {
			if f.Name == "assignedLicenses" || f.Name == "licenseAssignmentStates" {
				v.fields[i].Write = odata.Literal[*userView](`[]`)
			}
		}
	}
}

// oddities are what faults.OddUsers does to the people listed first, one to each.
var oddities = []struct{ pattern, instead string }{
	{`"createdDateTime":"[^"]*"`, `"createdDateTime":""`},
	{`"createdDateTime":"[^"]*"`, `"createdDateTime":"2020-05-04T10:00:00"`},
	{`"createdDateTime":"[^"]*"`, `"createdDateTime":"12020-05-04T10:00:00Z"`},
	{`"employeeHireDate":(null|"[^"]*")`, `"employeeHireDate":"2020-01-01"`},
	{`"department":(null|"[^"]*")`, `"department":7`},
	{`"employeeId":(null|"[^"]*")`, `"employeeId":4711`},
	{`"userPrincipalName":"[^"]*",?`, ``},
	{`"id":`, `"manager":"somebody","id":`},
}

// oddUser makes the object of the person who is listed at a place, from 0, one of another form.
func oddUser(object []byte, place int) []byte {
	if place >= len(oddities) {
		return object
	}
	return regexp.MustCompile(oddities[place].pattern).ReplaceAll(object, []byte(oddities[place].instead))
}
