package sandbox

import (
	"log/slog"
	"m365lake/sandbox/wire"
	"sync"
)

// Change is one write that the tenant accepted.
type Change struct {
	Method  string
	Path    string
	UserID  string // object id
	GroupID string // empty unless the write is about a group's members
	Changed bool   // false when everything was so already
	Batch   bool   // came in a $batch
	Lost    bool   // applied, but a fault kept the answer from arriving
}

type changeLog struct {
	mu      sync.Mutex
	list    []Change
	dangers []string
}

func (s *Server) accepted(change Change) {
	s.changeLog.mu.Lock()
	defer s.changeLog.mu.Unlock()
	s.changeLog.list = append(s.changeLog.list, change)
}

// Changes is every write that was accepted, in the order in which they were
// applied.
func (s *Server) Changes() []Change {
	s.changeLog.mu.Lock()
	defer s.changeLog.mu.Unlock()
	return append([]Change(nil), s.changeLog.list...)
}

// danger notes a request that would have done something else at Microsoft than
// anybody meant.
func (s *Server) danger(request string) {
	s.changeLog.mu.Lock()
	defer s.changeLog.mu.Unlock()
	s.changeLog.dangers = append(s.changeLog.dangers, request)
	slog.Error("sandbox: " + wire.Printable(request) + " without /$ref would delete the user, not the membership")
}

// Dangers lists the requests that would have deleted a user by mistake: a DELETE
// of a group's member without /$ref. A test asserts that there are none.
func (s *Server) Dangers() []string {
	s.changeLog.mu.Lock()
	defer s.changeLog.mu.Unlock()
	return append([]string(nil), s.changeLog.dangers...)
}
