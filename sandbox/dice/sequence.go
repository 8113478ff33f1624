package dice

import "sync/atomic"

// A Sequence makes the ids that requests are told apart by. It is safe for concurrent use.
type Sequence struct {
	seed uint64
	made atomic.Uint64
}

// NewSequence starts the sequence of a seed.
func NewSequence(seed uint64) *Sequence { return &Sequence{seed: Roll(seed, TagRequest)} }

// Next is the next id, a GUID.
func (s *Sequence) Next() string { return GUID(s.seed + s.made.Add(1)) }
