package sandbox

import (
	"encoding/binary"

	"github.com/google/uuid"
)

// The sandbox draws all its chances from this one mixing function instead of a
// random number generator: a generator has a position, and a position would tie
// the answer for one person to who was asked about before.

// mix is the finalizer of splitmix64. It is a bijection, so distinct inputs
// never collapse into one person.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// roll derives an independent number from h for the purpose named by tag.
func roll(h uint64, tag tag) uint64 { return mix(h ^ uint64(tag)*0xd1342543de82ef95) }

// A tag separates the uses of one hash: two traits with different tags are
// independent of each other.
type tag uint64

const (
	tagID tag = iota + 1
	tagTenant
	tagClient
	tagSecret
	tagKey
	tagCompany
	tagGeneration
	tagCycle
	tagOffset
	tagKind
	tagDisabledFor
	tagFirstName
	tagLastName
	tagNewName
	tagRename
	tagDisplay
	tagDepartment
	tagTitle
	tagSeniority
	tagOffice
	tagCompanyName
	tagHire
	tagSynced
	tagType
	tagClock
	tagManager
	tagSuite
	tagSuiteSource
	tagPlansOff
	tagUpgrade
	tagOverlap
	tagAddOn
	tagSubscription
	tagGroup
	tagFrequency
	tagStop
	tagWeekend
	tagPause
	tagPresence
	tagApp
	tagPlatform
	tagTeamsDay
	tagFreeTeams
	tagMac
	tagMobile
	tagActivation
	tagSignIn
	tagWrongRow
	tagConceal
	tagRequest
	tagCounts
	tagMailClient
	tagPhone
	tagDevice
	tagDrive
	tagMailbox
	tagSite
	tagCopilot
	tagRole
	tagMembership
	tagCreated
	tagWriteFault
)

// pick maps h to 0..n-1.
func pick(h uint64, n int) int { return int((h >> 32) * uint64(n) >> 32) }

// chance is true for permille of a thousand hashes.
func chance(h uint64, permille int) bool { return pick(h, 1000) < permille }

// guidOf makes a version 4 GUID (RFC 9562) of 122 of the 128 bits given.
func guidOf(hi, lo uint64) uuid.UUID {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], hi&^0xf000|0x4000)
	binary.BigEndian.PutUint64(u[8:], lo&^(0xc<<60)|0x8<<60)
	return u
}

// appendGUID writes the GUID of guidOf.
func appendGUID(b []byte, hi, lo uint64) []byte { return append(b, guidOf(hi, lo).String()...) }

// guid is the GUID drawn from h.
func guid(h uint64) string {
	hi := mix(h)
	return guidOf(hi, mix(hi)).String()
}

// A person's id must lead back to the person without a table, so its first 48
// bits are the person's number, enciphered by a Feistel network of four rounds.

const half = 1<<24 - 1

func encipher(seed, x uint64) uint64 {
	l, r := x>>24&half, x&half
	for i := range uint64(4) {
		l, r = r, l^(mix(seed^r<<8^i)&half)
	}
	return l<<24 | r
}

func decipher(seed, x uint64) uint64 {
	l, r := x>>24&half, x&half
	for i := uint64(4); i > 0; i-- {
		l, r = r^(mix(seed^l<<8^(i-1))&half), l
	}
	return l<<24 | r
}
