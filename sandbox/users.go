package sandbox

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	defaultPage  = 100
	maxPage      = 999
	maxSignInTop = 500 // the most a page may hold once sign-ins are selected
)

// listUsers serves one page of /users.
func (s *Server) listUsers(c *call) {
	if s.tenant.faults.on(faultUsersForbidden) {
		s.graphError(c, http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
		return
	}
	keep, advanced, ok := s.tenant.userFilter(c.query.Get("$filter"))
	if !ok || advanced && !c.counts() {
		s.graphError(c, http.StatusBadRequest, "Request_UnsupportedQuery",
			"Unsupported or invalid query filter clause. The sandbox knows accountEnabled eq true|false, userType eq 'Member'|'Guest', and with $count=true and ConsistencyLevel: eventual usageLocation eq null.")
		return
	}
	s.pageOfUsers(c, "users", func(v *userView, n int) bool {
		v.person = s.tenant.person(n, v.on)
		if !keep(&v.person, v.on) {
			return false
		}
		v.licenses = s.tenant.licenses(&v.person, v.on)
		return true
	})
}

// pageOfUsers serves one page of a list of people. see looks at whoever the list
// is about in seat n, and is false when there is nobody. The first page can also tell how many
// there are.
func (s *Server) pageOfUsers(c *call, set string, see func(v *userView, n int) bool) {
	t := s.tenant
	v, ok := s.userView(c)
	if !ok {
		return
	}
	top := defaultPage
	if given := c.query.Get("$top"); given != "" {
		limit := maxPage
		if v.signIns {
			limit = maxSignInTop
		}
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 || n > limit {
			s.graphError(c, http.StatusBadRequest, "Request_BadRequest",
				"Invalid page size specified: '"+printable(given)+"'. Must be between 1 and "+strconv.Itoa(limit)+" inclusive.")
			return
		}
		top = n
	}
	if c.query.Has("$skip") {
		s.graphError(c, http.StatusBadRequest, "Request_BadRequest", "'$skip' is not supported by the service.")
		return
	}
	next := 0
	if token := c.query.Get("$skiptoken"); token != "" {
		n, ok := s.openPageToken(set, token)
		if !ok || set == "users" && t.faults.on(faultExpiredPageToken) && s.expired.CompareAndSwap(false, true) {
			s.graphError(c, http.StatusBadRequest, "Directory_ExpiredPageToken", "The specified page token value has expired and can no longer be included in your request.")
			return
		}
		next = n
	}

	b := make([]byte, 0, top*700)
	b = appendContext(b, set, v.names)
	if c.counts() && next == 0 {
		total := 0
		for n := range t.users {
			if see(v, n) {
				total++
			}
		}
		b = strconv.AppendInt(append(b, `,"@odata.count":`...), int64(total), 10)
	}
	rest := len(b)
	b = append(b, `,"value":[`...)
	written := 0
	for ; next < t.users && written < top; next++ {
		if !see(v, next) {
			continue
		}
		if written > 0 {
			b = append(b, ',')
		}
		b = v.appendUser(b)
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
	c.identity(units)
	c.w.Write(b[:rest])
	if next < t.users {
		link := append([]byte(nil), `,"@odata.nextLink":`...)
		c.w.Write(appendText(link, s.graphURL+"/v1.0/"+set+"?"+nextQuery(c.query, s.pageToken(set, next))))
	}
	c.w.Write(b[rest:])
}

// counts says whether a list shall tell how long it is, which needs the header as well.
func (c *call) counts() bool {
	return c.query.Get("$count") == "true" && strings.EqualFold(c.r.Header.Get("ConsistencyLevel"), "eventual")
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

func (s *Server) pageToken(set string, next int) string {
	return s.tenant.seal(set + " " + strconv.Itoa(next))
}

func (s *Server) openPageToken(set, token string) (next int, ok bool) {
	text, ok := s.tenant.unseal(token)
	if !ok {
		return 0, false
	}
	at, ok := strings.CutPrefix(text, set+" ")
	n, err := strconv.Atoi(at)
	return n, ok && err == nil && n >= 0
}

// oneUser serves /users/{id or user principal name}.
func (s *Server) oneUser(c *call, key string) {
	v, ok := s.userView(c)
	if !ok {
		return
	}
	p, found := s.tenant.byID(key, v.on)
	if !found {
		s.graphError(c, http.StatusNotFound, "Request_ResourceNotFound",
			"Resource '"+printable(key)+"' does not exist or one of its queried reference-property objects are not present.")
		return
	}
	v.person, v.licenses = p, s.tenant.licenses(&p, v.on)
	b := appendContext(nil, "users", v.names)
	b = append(b[:len(b)-1], `/$entity",`...)
	c.identity(1)
	c.w.Write(append(b, v.appendUser(nil)[1:]...))
}

// userFilter understands the few filters a licence tool asks for. Advanced ones are only served
// together with a count.
// Source: https://learn.microsoft.com/graph/aad-advanced-queries
func (t *Tenant) userFilter(text string) (keep func(p *person, on day) bool, advanced, ok bool) {
	all := func(*person, day) bool { return true }
	keep = all
	if text == "" {
		return all, false, true
	}
	for part := range strings.SplitSeq(text, " and ") {
		before := keep
		var test func(p *person, on day) bool
		switch strings.Trim(part, " ()") {
		case "accountEnabled eq true":
			test = (*person).enabled
		case "accountEnabled eq false":
			test = func(p *person, on day) bool { return !p.enabled(on) }
		case "userType eq 'Member'":
			test = func(p *person, _ day) bool { return p.kind != guest }
		case "userType eq 'Guest'":
			test = func(p *person, _ day) bool { return p.kind == guest }
		case "usageLocation eq null":
			advanced = true
			test = func(p *person, on day) bool { return p.kind != member || t.licenses(p, on).n == 0 }
		default:
			return nil, false, false
		}
		keep = func(p *person, on day) bool { return before(p, on) && test(p, on) }
	}
	return keep, advanced, true
}
