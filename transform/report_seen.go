package transform

import "hash/maphash"

// reportUsers remembers which users a report has had, by hashes, in 16 bytes for each user (up to
// 43 with the free slots): a report can list a million. Two names with the same 64-bit hash would
// be taken for one user, and two different rows of one user with the same 32-bit hash for the
// same row; neither is to be expected in the life of this program.
type reportUsers struct {
	seed  maphash.Seed
	slots []reportUser // open addressing, a power of two; free while line is 0
	used  int
}

type reportUser struct {
	name uint64 // hash of the user's cell
	row  uint32 // hash of the whole record
	line uint32 // line of the record
}

func newReportUsers() *reportUsers {
	return &reportUsers{seed: maphash.MakeSeed(), slots: make([]reportUser, 1024)}
}

// add remembers the user of a record. If there was a record of that user before, it returns its
// line, and whether it was the same record.
func (s *reportUsers) add(name, record []byte, line int64) (before int64, same bool) {
	user := reportUser{maphash.Bytes(s.seed, name), uint32(maphash.Bytes(s.seed, record)), uint32(line)}
	slot := s.find(user.name)
	if slot.line != 0 {
		return int64(slot.line), slot.row == user.row
	}
	*slot = user
	if s.used++; s.used > len(s.slots)/4*3 {
		old := s.slots
		s.slots = make([]reportUser, 2*len(old))
		for _, user := range old {
			if user.line != 0 {
				*s.find(user.name) = user
			}
		}
	}
	return 0, false
}

// find returns the slot of the name, or the free one where it belongs.
func (s *reportUsers) find(name uint64) *reportUser {
	mask := uint64(len(s.slots) - 1)
	for i := name & mask; ; i = (i + 1) & mask {
		if slot := &s.slots[i]; slot.line == 0 || slot.name == name {
			return slot
		}
	}
}
