package graphapi

import (
	"strings"

	"m365lake/sandbox/odata"
)

// listDeleted serves one page of the accounts that were deleted in the last 30 days.
// Source: https://learn.microsoft.com/graph/api/directory-deleteditems-list
func (s *API) listDeleted(c *call) {
	s.pageOfUsers(c, "directory/deletedItems/microsoft.graph.user", (*userView).seeDeleted)
}

// oneDeleted serves /directory/deletedItems/{id}, which may have the kind of the object before the id.
// Source: https://learn.microsoft.com/graph/api/directory-deleteditems-get
func (s *API) oneDeleted(c *call) {
	v, ok := s.viewAsAsked(c)
	if !ok {
		return
	}
	id := strings.TrimPrefix(c.R.URL.Path, "/directory/deletedItems/")
	id = strings.TrimPrefix(id, "microsoft.graph.user/")
	if !v.reader.FindDeleted(id, &v.Entry) {
		c.NoResource(id)
		return
	}
	v.typed = true
	c.MarkDirectory(1)
	c.W.Write(odata.AppendEntity(nil, "directoryObjects", v.names, v.appendUser(nil)))
}
