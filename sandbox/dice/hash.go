package dice

import (
	"encoding/binary"

	"github.com/google/uuid"
)

// Mix is the finalizer of splitmix64. It is a bijection, so distinct inputs never collapse into one person.
func Mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Roll derives an independent number from h for the purpose named by tag.
func Roll(h uint64, tag Tag) uint64 { return Mix(h ^ uint64(tag)*0xd1342543de82ef95) }

// A Tag separates the uses of one hash: two traits with different tags are independent of each other.
type Tag uint64

const (
	TagID Tag = iota + 1
	TagTenant
	TagClient
	TagSecret
	TagKey
	TagCompany
	TagGeneration
	TagCycle
	TagOffset
	TagKind
	TagDisabledFor
	TagFirstName
	TagLastName
	TagNewName
	TagRename
	TagDisplay
	TagDepartment
	TagTitle
	TagSeniority
	TagOffice
	TagCompanyName
	TagHire
	TagSynced
	TagType
	TagClock
	TagManager
	TagSuite
	TagSuiteSource
	TagPlansOff
	TagUpgrade
	TagOverlap
	TagAddOn
	TagSubscription
	TagGroup
	TagFrequency
	TagStop
	TagWeekend
	TagPause
	TagPresence
	TagApp
	TagPlatform
	TagTeamsDay
	TagFreeTeams
	TagMac
	TagMobile
	TagActivation
	TagSignIn
	TagWrongRow
	TagConceal
	TagRequest
	TagCounts
	TagMailClient
	TagPhone
	TagDevice
	TagDrive
	TagMailbox
	TagSite
	TagCopilot
	TagRole
	TagMembership
	TagCreated
	TagWriteFault
)

// Pick maps h to 0..n-1.
func Pick(h uint64, n int) int { return int((h >> 32) * uint64(n) >> 32) }

// Chance is true for permille of a thousand hashes.
func Chance(h uint64, permille int) bool { return Pick(h, 1000) < permille }

// guidOf makes a version 4 GUID (RFC 9562) of 122 of the 128 bits given.
func guidOf(hi, lo uint64) uuid.UUID {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], hi&^0xf000|0x4000)
	binary.BigEndian.PutUint64(u[8:], lo&^(0xc<<60)|0x8<<60)
	return u
}

// AppendGUID writes the GUID of guidOf.
func AppendGUID(b []byte, hi, lo uint64) []byte { return append(b, guidOf(hi, lo).String()...) }

// GUID is the GUID drawn from h.
func GUID(h uint64) string {
	hi := Mix(h)
	return guidOf(hi, Mix(hi)).String()
}

// A person's id must lead back to the person without a table, so its first 48 bits are the person's number, enciphered
// by a Feistel network of four rounds.

const half = 1<<24 - 1

// Encipher maps 48 bits to 48 others. Decipher maps them back, with the same seed.
func Encipher(seed, x uint64) uint64 {
	l, r := x>>24&half, x&half
	for i := range uint64(4) {
		l, r = r, l^(Mix(seed^r<<8^i)&half)
	}
	return l<<24 | r
}

// Decipher is the inverse of Encipher.
func Decipher(seed, x uint64) uint64 {
	l, r := x>>24&half, x&half
	for i := uint64(4); i > 0; i-- {
		l, r = r^(Mix(seed^l<<8^(i-1))&half), l
	}
	return l<<24 | r
}
