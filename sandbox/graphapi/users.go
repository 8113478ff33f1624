package graphapi

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"m365lake/sandbox/company"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

const (
	defaultPage  = 100
	maxPage      = 999
	maxSignInTop = 500 // the most a page may hold once sign-ins are selected
)

// listUsers serves one page of /users.
func (s *API) listUsers(c *call) {
	if s.Faults.On(faults.UsersForbidden) {
		c.Error(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the "+
			"operation.")
		return
	}
	filter := c.Query.Get("$filter")
	if key, ok := nameFilter(filter); ok {
		s.usersNamed(c, key)
		return
	}
	keep, advanced, ok := userFilter(filter)
	if !ok || advanced && !c.WantsCount() {
		c.Error(http.StatusBadRequest, "Request_UnsupportedQuery",
			"Unsupported or invalid query filter clause. The sandbox knows accountEnabled eq true|false, userType "+
				"eq 'Member'|'Guest', id or userPrincipalName eq '...', and with $count=true and ConsistencyLevel: "+
				"eventual usageLocation eq null.")
		return
	}
	s.pageOfUsers(c, "users", func(v *userView, n int) bool {
		return (n%shortListing == 0 || !s.Faults.On(faults.ShortUsers)) && v.see(n) && keep(v)
	})
}

// nameFilter is the name or id in a filter for one user. A quote within is written twice.
func nameFilter(filter string) (key string, ok bool) {
	for _, property := range []string{"userPrincipalName", "id"} {
		if key, ok := odata.QuotedAfter(filter, property+" eq "); ok {
			return key, true
		}
	}
	return "", false
}

// usersNamed serves a list with the one user who has that name or id, or an empty one.
func (s *API) usersNamed(c *call, key string) {
	v, ok := s.viewAsAsked(c)
	if !ok {
		return
	}
	b := append(odata.AppendContext(nil, "users", v.names), `,"value":[`...)
	if v.find(key) {
		b = v.appendUser(b)
	}
	c.MarkDirectory(1)
	c.W.Write(append(b, `]}`...))
}

// pageOfUsers serves one page of a list of people. see makes the listed person of seat n the one in view, and returns
// false if the list has none there. The first page can also tell how many there are.
func (s *API) pageOfUsers(c *call, set string, see func(v *userView, n int) bool) {
	v, ok := s.viewAsAsked(c)
	if !ok {
		return
	}
	if set == "users" {
		v.spoilFields(s.Faults)
	}
	top := defaultPage
	if given := c.Query.Get("$top"); given != "" {
		limit := maxPage
		if v.signIns {
			limit = maxSignInTop
		}
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 || n > limit {
			c.Error(http.StatusBadRequest, "Request_BadRequest",
				"Invalid page size specified: "+
					"'"+wire.Printable(given)+"'. Must be between 1 and "+strconv.Itoa(limit)+" inclusive.")
			return
		}
		top = n
	}
	if c.Query.Has("$skip") {
		c.Error(http.StatusBadRequest, "Request_BadRequest", "'$skip' is not supported by the service.")
		return
	}
	next := 0
	if token := c.Query.Get("$skiptoken"); token != "" {
		n, ok := s.openPageToken(set, token)
		if !ok || set == "users" && s.Faults.On(faults.ExpiredPageToken) && s.pageExpired.CompareAndSwap(false, true) {
			c.Error(http.StatusBadRequest, "Directory_ExpiredPageToken", "The specified page token value has "+
				"expired and can no longer be included in your request.")
			return
		}
		next = n
	}

	b := make([]byte, 0, top*700)
	b = odata.AppendContext(b, set, v.names)
	if c.WantsCount() && next == 0 {
		total := 0
		for n := range v.reader.Places() {
			if see(v, n) {
				total++
			}
		}
		b = strconv.AppendInt(append(b, `,"@odata.count":`...), int64(total), 10)
	}
	rest, first := len(b), next == 0
	b = append(b, `,"value":[`...)
	written := 0
	places := v.reader.Places()
	for ; next < places && written < top; next++ {
		if !see(v, next) {
			continue
		}
		if written > 0 {
			b = append(b, ',')
		}
		from := len(b)
		b = v.appendUser(b)
		if first && set == "users" && s.Faults.On(faults.OddUsers) {
			b = append(b[:from], oddUser(b[from:], written)...)
		}
		written++
	}
	b = append(b, `]}`...)
	units := 2
	if v.names != nil {
		units--
	}
	if v.manager {
		units++
	}
	c.MarkDirectory(units)
	c.W.Write(b[:rest])
	if next < places {
		link := append([]byte(nil), `,"@odata.nextLink":`...)
		c.W.Write(wire.AppendText(link, s.URL+"/v1.0/"+set+"?"+nextQuery(c.Query, s.pageToken(set, next))))
	}
	c.W.Write(b[rest:])
}

// nextQuery keeps the options of the first request and adds the token.
func nextQuery(given url.Values, token string) string {
	var parts []string
	for _, name := range []string{"$select", "$filter", "$expand", "$count", "$top"} {
		if given.Has(name) {
			parts = append(parts, name+"="+strings.ReplaceAll(url.QueryEscape(given.Get(name)), "%2C", ","))
		}
	}
	return strings.Join(append(parts, "$skiptoken="+token), "&")
}

func (s *API) pageToken(set string, next int) string {
	return s.key.Seal(set + " " + strconv.Itoa(next))
}

func (s *API) openPageToken(set, token string) (next int, ok bool) {
	text, ok := s.key.Unseal(token)
	if !ok {
		return 0, false
	}
	at, ok := strings.CutPrefix(text, set+" ")
	n, err := strconv.Atoi(at)
	return n, ok && err == nil && n >= 0
}

// oneUser serves /users/{id or user principal name}.
func (s *API) oneUser(c *call) {
	key := c.R.PathValue("id")
	v, ok := s.viewAsAsked(c)
	if !ok {
		return
	}
	if !v.find(key) {
		c.NoResource(key)
		return
	}
	c.MarkDirectory(1)
	c.W.Write(odata.AppendEntity(nil, "users", v.names, v.appendUser(nil)))
}

// userFilter understands the few filters a licence tool asks for. Advanced ones are only served together with a count.
// Source: https://learn.microsoft.com/graph/aad-advanced-queries
func userFilter(text string) (keep func(v *userView) bool, advanced, ok bool) {
	all := func(*userView) bool { return true }
	keep = all
	if text == "" {
		return all, false, true
	}
	for part := range strings.SplitSeq(text, " and ") {
		before := keep
		var test func(v *userView) bool
		switch strings.Trim(part, " ()") {
		case "accountEnabled eq true":
			test = func(v *userView) bool { return v.Enabled() }
		case "accountEnabled eq false":
			test = func(v *userView) bool { return !v.Enabled() }
		case "userType eq 'Member'":
			test = func(v *userView) bool { return v.Person.Kind != company.Guest }
		case "userType eq 'Guest'":
			test = func(v *userView) bool { return v.Person.Kind == company.Guest }
		case "usageLocation eq null":
			advanced = true
			test = func(v *userView) bool { return v.UsageLocation() == "" }
		default:
			return nil, false, false
		}
		keep = func(v *userView) bool { return before(v) && test(v) }
	}
	return keep, advanced, true
}
