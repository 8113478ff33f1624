package transform

import "hash/maphash"

// seenRows remembers which rows a report has had, by hashes of what tells them apart, mostly the
// user, in 16 bytes for each (up to 43 with the free slots): a report can list a million. Two users
// with the same 64-bit hash would be taken for one, and two different rows of one user with the
// same 32-bit hash for the same row; neither is to be expected in the life of this program.
type seenRows struct {
	seed  maphash.Seed
	slots []seenRow // open addressing, a power of two; free while line is 0
	used  int
}

type seenRow struct {
	identity uint64 // hash of what tells the row apart
	record   uint32 // hash of the whole record
	line     uint32 // where it begins
}

func newSeenRows() *seenRows {
	return &seenRows{seed: maphash.MakeSeed(), slots: make([]seenRow, 1024)}
}

// add remembers a record. If there was one of the same identity before, it returns its line, and
// whether it was the same record.
func (s *seenRows) add(identity, record []byte, line int64) (before int64, same bool) {
	row := seenRow{maphash.Bytes(s.seed, identity), uint32(maphash.Bytes(s.seed, record)), uint32(line)}
	slot := s.find(row.identity)
	if slot.line != 0 {
		return int64(slot.line), slot.record == row.record
	}
	*slot = row
	if s.used++; s.used > len(s.slots)/4*3 {
		old := s.slots
		s.slots = make([]seenRow, 2*len(old))
		for _, row := range old {
			if row.line != 0 {
				*s.find(row.identity) = row
			}
		}
	}
	return 0, false
}

// find returns the slot of the identity, or the free one where it belongs.
func (s *seenRows) find(identity uint64) *seenRow {
	mask := uint64(len(s.slots) - 1)
	for i := identity & mask; ; i = (i + 1) & mask {
		if slot := &s.slots[i]; slot.line == 0 || slot.identity == identity {
			return slot
		}
	}
}
