package sandbox

import (
	"m365lake/sandbox/wire"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// contextRoot begins every @odata.context. It names the schema, not the host.
const contextRoot = "https://graph.microsoft.com/v1.0/$metadata#"

// call is one authorized Graph request.
type call struct {
	w     http.ResponseWriter
	r     *http.Request
	id    string // request-id
	mine  string // client-request-id
	query url.Values

	payload []byte // of a write
	token   claims
	batch   *batch // the one the request came in, if it did
}

func (s *Server) serveGraph(w http.ResponseWriter, r *http.Request) {
	c := &call{w: w, r: r, id: s.nextID(), mine: r.Header.Get("client-request-id")}
	if c.mine == "" {
		c.mine = c.id
	}
	h := w.Header()
	h.Set("request-id", c.id)
	h.Set("client-request-id", wire.Printable(c.mine))
	h.Set("x-ms-ags-diagnostic", `{"ServerInfo":{"DataCenter":"Sandbox","Slice":"E","Ring":"5","ScaleUnit":"001","RoleInstance":"SB000001"}}`)
	h.Set("Cache-Control", "no-cache")

	if n := s.calls.Add(1); s.tenant.faults.on(faultServerErrors) && n%7 == 0 {
		s.serverError(c, int(n/7))
		return
	}
	token, ok, expired := s.tenant.authorized(r.Header.Get("Authorization"))
	c.token = token
	switch {
	case r.Header.Get("Authorization") == "":
		s.graphError(c, http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token is empty.")
	case expired:
		s.graphError(c, http.StatusUnauthorized, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
	case !ok:
		s.graphError(c, http.StatusUnauthorized, "InvalidAuthenticationToken", "IDX14100: JWT is not well formed, or its signature is not this tenant's.")
	case r.Method == http.MethodPost && r.URL.Path == "/v1.0/$batch":
		s.batch(c)
	default:
		s.dispatch(c)
	}
}

// dispatch serves one authorized request, which may have come in a batch.
func (s *Server) dispatch(c *call) {
	query, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		s.graphError(c, http.StatusBadRequest, "BadRequest", "The query string is malformed: "+wire.Printable(err.Error()))
		return
	}
	c.query = query
	path := strings.TrimSuffix(strings.TrimPrefix(c.r.URL.Path, "/v1.0/"), "/")
	switch {
	case c.r.Method == http.MethodPost && path == "directoryObjects/getByIds":
		if s.permitted(c, path) {
			s.getByIDs(c)
		}
	case c.r.Method == http.MethodGet:
		s.read(c, path)
	default:
		s.write(c, path)
	}
}

// read routes a GET.
func (s *Server) read(c *call, path string) {
	if !s.permitted(c, path) {
		return
	}
	switch path {
	case "organization":
		s.organization(c)
	case "subscribedSkus":
		s.subscribedSKUs(c)
	case "directory/subscriptions":
		s.listSubscriptions(c)
	case "groups":
		s.listGroups(c)
	case "users":
		s.listUsers(c)
	case "directory/deletedItems/microsoft.graph.user":
		s.listDeleted(c)
	case "roleManagement/directory/roleDefinitions":
		s.listRoles(c)
	case "roleManagement/directory/roleAssignments":
		s.listRoleAssignments(c)
	case "admin/reportSettings":
		s.reportSettings(c)
	default:
		if rest, ok := strings.CutPrefix(path, "users/"); ok {
			s.belowUser(c, rest)
			return
		}
		if id, ok := strings.CutPrefix(path, "directory/deletedItems/"); ok {
			s.oneDeleted(c, strings.TrimPrefix(id, "microsoft.graph.user/"))
			return
		}
		if rest, ok := strings.CutPrefix(path, "groups/"); ok {
			s.oneGroup(c, rest)
			return
		}
		if call, ok := strings.CutPrefix(path, "reports/"); ok {
			s.report(c, call, false)
			return
		}
		if call, ok := strings.CutPrefix(path, "copilot/reports/"); ok {
			s.report(c, call, true)
			return
		}
		s.graphError(c, http.StatusBadRequest, "BadRequest",
			"Resource not found for the segment '"+wire.Printable(strings.SplitN(path, "/", 2)[0])+"'.")
	}
}

// graphError answers in Graph's own form.
func (s *Server) graphError(c *call, status int, code, message string) {
	s.detailedError(c, status, code, message, "")
}

// detailedError has details too, a JSON array, when they are not empty.
func (s *Server) detailedError(c *call, status int, code, message, details string) {
	b := append([]byte(nil), `{"error":{"code":`...)
	b = wire.AppendText(b, code)
	b = wire.AppendText(append(b, `,"message":`...), message)
	if details != "" {
		b = append(append(b, `,"details":`...), details...)
	}
	b = append(b, `,"innerError":{"date":"`...)
	b = append(b, s.tenant.now().Format("2006-01-02T15:04:05")...)
	b = wire.AppendText(append(b, `","request-id":`...), c.id)
	b = wire.AppendText(append(b, `,"client-request-id":`...), wire.Printable(c.mine))
	b = append(b, `}}}`...)
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	c.w.Write(b)
}

// serverError is the trouble of the moment: three kinds in turn, one of them
// from a gateway that does not speak JSON.
func (s *Server) serverError(c *call, turn int) {
	switch turn % 3 {
	case 1:
		c.w.Header().Set("Retry-After", "0.1")
		s.graphError(c, http.StatusServiceUnavailable, "ServiceUnavailable", "The service is temporarily unavailable. Please retry.")
	case 2:
		c.w.Header().Set("Content-Type", "text/html")
		c.w.WriteHeader(http.StatusBadGateway)
		c.w.Write([]byte("<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>\r\n"))
	default:
		s.graphError(c, http.StatusGatewayTimeout, "UnknownError", "")
	}
}

// identity marks an answer of the directory and says what it cost.
func (c *call) identity(units int) {
	h := c.w.Header()
	h.Set("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
	h.Set("OData-Version", "4.0")
	h.Set("x-ms-resource-unit", strconv.Itoa(max(units, 1)))
}

// selected is the $select option as a list, nil without one.
func (c *call) selected() []string {
	given := c.query.Get("$select")
	if given == "" {
		return nil
	}
	names := strings.Split(given, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

// appendContext opens an object with its @odata.context.
func appendContext(b []byte, set string, selected []string) []byte {
	b = append(append(b, `{"@odata.context":"`+contextRoot...), set...)
	if selected != nil {
		b = append(append(append(b, '('), strings.Join(selected, ",")...), ')')
	}
	return append(b, '"')
}
