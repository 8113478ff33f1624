package erase

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"hash/maphash"
	"strings"
	"unicode"
)

// hashBytes is how much of an HMAC the list keeps.
const hashBytes = 16

// maxStrangers bounds the memory of a Matcher to some 50 MB: it remembers at most so many
// values that name none of the people it looks for.
const maxStrangers = 1 << 21

// A Matcher tells whether values name one of some people, whom it knows by hashes and keys alone. An
// HMAC is computed once for each distinct value as long as there are no more than maxStrangers of them.
// It is not safe for concurrent use.
type Matcher struct {
	names  map[[hashBytes]byte]bool
	keys   map[int32]bool
	others map[string]bool // in lower case: names that are somebody else's as well

	mac       hash.Hash
	seed      maphash.Seed
	strangers map[uint64]struct{} // hashes of values that name none of the people
	most      int                 // of strangers
}

// Matcher is a Matcher of some of the people of the list.
func (l List) Matcher(people ...Person) *Matcher {
	m := &Matcher{
		names: map[[hashBytes]byte]bool{}, keys: map[int32]bool{}, others: map[string]bool{},
		mac: hmac.New(sha256.New, []byte(l.Salt)), seed: maphash.MakeSeed(),
		strangers: map[uint64]struct{}{}, most: maxStrangers,
	}
	for _, p := range people {
		if p.UserKey != 0 {
			m.keys[p.UserKey] = true
		}
		for _, name := range p.Names {
			var sum [hashBytes]byte
			if n, err := hex.Decode(sum[:], []byte(name)); err == nil && n == hashBytes {
				m.names[sum] = true
			}
		}
	}
	return m
}

// spare takes names out that are also somebody else's.
func (m *Matcher) spare(names []string) {
	for _, name := range names {
		m.others[strings.ToLower(name)] = true
		if strings.Contains(name, "@") {
			m.others[siteName(name)] = true
		}
	}
	clear(m.strangers)
}

// HasKey says whether a user_key is that of one of the people.
func (m *Matcher) HasKey(key int32) bool { return m.keys[key] }

// Matches says whether a value is a sign-in name, an address or an id of one of the people, in whatever
// case, or the address of a page of their OneDrive.
func (m *Matcher) Matches(value string) bool {
	if value == "" || len(m.names) == 0 {
		return false
	}
	known := maphash.String(m.seed, value)
	if _, ok := m.strangers[known]; ok {
		return false
	}
	if m.matchesName(value) || m.MatchesSite(value) {
		return true
	}
	if len(m.strangers) >= m.most {
		clear(m.strangers)
	}
	m.strangers[known] = struct{}{}
	return false
}

func (m *Matcher) matchesName(value string) bool {
	value = strings.ToLower(value)
	if m.others[value] {
		return false
	}
	m.mac.Reset()
	m.mac.Write([]byte(value))
	return m.names[[hashBytes]byte(m.mac.Sum(nil)[:hashBytes])]
}

// sitePath is what stands before the name of a OneDrive in its address.
const sitePath = "/personal/"

// MatchesSite says whether a value is the address of a page of the OneDrive of one of the people.
func (m *Matcher) MatchesSite(address string) bool {
	if len(m.names) == 0 || !strings.Contains(address, "/") {
		return false
	}
	_, rest, found := strings.Cut(address, sitePath)
	if !found {
		if _, rest, found = strings.Cut(strings.ToLower(address), sitePath); !found {
			return false
		}
	}
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	// SharePoint puts a number behind a name that is taken.
	return m.matchesName(rest) || m.matchesName(strings.TrimRight(rest, "0123456789"))
}

// siteName is the name of the OneDrive of a sign-in name: whatever is no letter or digit becomes a line.
// Source: learn.microsoft.com/sharepoint/list-onedrive-urls.
func siteName(signInName string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, strings.ToLower(signInName))
}

// Mentions says whether a word of a text names one of the people.
func (m *Matcher) Mentions(text string) bool {
	if len(m.names) == 0 {
		return false
	}
	for _, word := range strings.FieldsFunc(text, isWordEnd) {
		if m.Matches(strings.TrimRight(word, ".!?")) {
			return true
		}
	}
	return false
}

// isWordEnd says whether a rune stands between words, among which are sign-in names and ids.
func isWordEnd(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("\"'`()[]{}<>,;:=", r) }
