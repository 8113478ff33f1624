package graphapi

import (
	"net/http"
	"strings"

	"m365lake/sandbox/route"
)

// routes are all endpoints, by the patterns of http.ServeMux. Graph also takes /users('id'), which is not served here.
func (s *API) routes() *route.Mux {
	mux := route.New(withCall(s.noRoute))

	for pattern, serve := range map[string]func(c *call){
		"GET /organization":            s.organization,
		"GET /subscribedSkus":          s.listSubscribedSKUs,
		"GET /directory/subscriptions": s.listSubscriptions,
		"GET /groups":                  s.listGroups,
		"GET /groups/{id}":             s.oneGroup,
		"GET /groups/{id}/{rest...}":   s.belowGroup,
		"GET /users":                   s.listUsers,
		"GET /users/$count":            s.countUsers,
		"GET /users/{id}":              s.oneUser,
		"GET /users/{id}/{rest...}":    s.belowUser,
		"GET /directory/deletedItems/microsoft.graph.user": s.listDeleted,
		"GET /directory/deletedItems/{id}":                 s.oneDeleted,
		"GET /directory/deletedItems/{id}/{rest...}":       s.oneDeleted,
		"GET /roleManagement/directory/roleDefinitions":    s.listRoles,
		"GET /roleManagement/directory/roleAssignments":    s.listRoleAssignments,
		"GET /admin/reportSettings":                        s.reportSettings,
		"POST /directoryObjects/getByIds":                  s.getByIDs,
	} {
		mux.Handle(pattern, withCall(s.permittedTo(serve)))
	}
	for pattern, serve := range s.Reports {
		mux.Handle(pattern, withCall(s.permittedTo(func(c *call) { serve(c.Call) })))
	}

	for pattern, begin := range map[string]func(c *call) *operation{
		"POST /users":                                 s.createUser,
		"PATCH /users/{id}":                           s.changeUser,
		"DELETE /users/{id}":                          s.deleteUser,
		"POST /users/{id}/assignLicense":              s.assignLicense,
		"POST /users/{id}/reprocessLicenseAssignment": s.reprocessLicenses,
		"POST /users/{id}/revokeSignInSessions":       s.revokeSessions,
		"POST /directory/deletedItems/{id}/restore":   s.restoreUser,
		"POST /groups/{id}/members/$ref":              s.addMember,
		"DELETE /groups/{id}/members/{member}/$ref":   s.removeMember,
		"DELETE /groups/{id}/members/{member}":        s.deleteMemberItself,
	} {
		mux.Handle(pattern, withCall(func(c *call) { s.write(c, begin) }))
	}
	return mux
}

// permittedTo serves a read if the token permits it.
func (s *API) permittedTo(serve func(c *call)) func(c *call) {
	return func(c *call) {
		if s.permitted(c) {
			serve(c)
		}
	}
}

// noRoute answers a request that no pattern matches. The answer to a GET is an error about its first segment, if the
// token permits to know that; every other method gets the answer to a write that does not exist.
func (s *API) noRoute(c *call) {
	if c.R.Method != http.MethodGet {
		s.write(c, func(*call) *operation { return nil })
		return
	}
	if s.permitted(c) {
		first, _, _ := strings.Cut(strings.TrimPrefix(c.R.URL.Path, "/"), "/")
		c.UnknownSegment(first)
	}
}
