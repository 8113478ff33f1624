package books

import (
	"slices"
	"strings"

	"m365lake/sandbox/odata"
)

// Write is how a request to change something came.
type Write struct {
	Method string
	Path   string
	Batch  bool // in a $batch
	Lost   bool // a fault will keep the answer from arriving
}

// Outcome is what a write came to.
type Outcome struct {
	Account *Account      // as it is after the write; nil when the write was refused
	Changed bool          // false when everything was so already
	Refused *odata.Answer // why nothing was changed; nil for a write that was accepted
}

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

// apply locks the books, does a write and logs it if it was accepted. All writes go through here, so the log is in the
// order in which they were applied.
func (b *Books) apply(w Write, group string, do func() Outcome) Outcome {
	b.mu.Lock()
	defer b.mu.Unlock()
	o := do()
	if o.Refused == nil {
		b.changes = append(b.changes, Change{Method: w.Method, Path: w.Path, UserID: o.Account.ID,
			GroupID: strings.ToLower(group), Changed: o.Changed, Batch: w.Batch, Lost: w.Lost})
	}
	return o
}

// Changes is every write that was accepted, in the order in which they were applied.
func (b *Books) Changes() []Change {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.changes)
}

// LogDanger notes a request that would have done something else at Microsoft than anybody meant.
func (b *Books) LogDanger(request string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dangers = append(b.dangers, request)
}

// Dangers are the requests that LogDanger noted.
func (b *Books) Dangers() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.dangers)
}

// Subject is the object id of the account that lives under an object id or a user principal name, and the key itself,
// in lower case, where there is none.
func (b *Books) Subject(key string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a := b.current(key); a != nil {
		return a.ID
	}
	return strings.ToLower(key)
}

// Begin marks a subject as being written to, until End. It is false when a write to it is under way already.
func (b *Books) Begin(subject string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy[subject] {
		return false
	}
	b.busy[subject] = true
	return true
}

// End is the end of a write that Begin began.
func (b *Books) End(subject string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.busy, subject)
}
