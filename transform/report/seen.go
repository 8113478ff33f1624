package report

import "hash/maphash"

// seenRows remembers which rows a report has had, by hashes of what tells them apart, mostly the
// user: a report can list a million. Two users with the same 64-bit hash would be taken for one, and two
// different rows of one user with the same 32-bit hash for the same row; neither is to be expected in the
// life of this program.
type seenRows struct {
	seed maphash.Seed
	rows map[uint64]seenRow // by the hash of what tells the row apart
}

type seenRow struct {
	record uint32 // hash of the whole record
	line   uint32 // where it begins
}

func newSeenRows() *seenRows {
	return &seenRows{seed: maphash.MakeSeed(), rows: map[uint64]seenRow{}}
}

// Remember returns the line of the record of the same identity that came before, and whether it was the
// same record. Without one it returns 0 and remembers the record.
func (s *seenRows) Remember(identity, record []byte, line int64) (before int64, same bool) {
	key := maphash.Bytes(s.seed, identity)
	row := seenRow{uint32(maphash.Bytes(s.seed, record)), uint32(line)}
	if earlier, known := s.rows[key]; known {
		return int64(earlier.line), earlier.record == row.record
	}
	s.rows[key] = row
	return 0, false
}
