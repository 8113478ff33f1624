package sandbox

// listDeleted serves one page of the accounts that were deleted in the last 30 days.
func (s *Server) listDeleted(c *call) {
	s.pageOfUsers(c, "directory/deletedItems/microsoft.graph.user", (*userView).seeDeleted)
}

// oneDeleted serves /directory/deletedItems/{id}.
func (s *Server) oneDeleted(c *call, id string) {
	v, ok := s.userView(c)
	if !ok {
		return
	}
	if !v.findDeleted(id) {
		s.noResource(c, id)
		return
	}
	b := appendContext(nil, "directoryObjects", v.names)
	b = append(b[:len(b)-1], `/$entity",`...)
	v.typed = true
	c.identity(1)
	c.w.Write(append(b, v.appendUser(nil)[1:]...))
}
