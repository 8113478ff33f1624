// Package userindex finds the people of a tenant by id or sign-in name while the usage reports stream by.
package userindex

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/google/uuid"
	"github.com/zeebo/xxh3"

	"m365lake/internal/ids"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// A Index finds the people of one tenant. It is what is kept of the users while the reports
// stream by: about a hundred bytes for each. Once filled by Users it is only read.
type Index struct {
	keys         map[userID]int32
	ByName       map[NameHash]int32 // lower-case user principal name -> user_key
	formerNames  map[NameHash]int32 // names of the previous run, until keepFormerNames
	People       []Person           // by user_key; 0 is nobody
	Departments  []string           // names; 0 is "no department"
	departmentOf map[string]int32
}

// New returns an empty index.
func New() *Index {
	return &Index{
		keys: map[userID]int32{}, ByName: map[NameHash]int32{}, formerNames: map[NameHash]int32{},
		People: make([]Person, 1), Departments: []string{""}, departmentOf: map[string]int32{},
	}
}

type userID = uuid.UUID

// A NameHash stands for a user principal name in lower case. Of 128 bits, it is as good as the
// name, a third of its size, and nothing the garbage collector has to look at.
type NameHash = xxh3.Uint128

// A Person is what the index knows of one user_key, at that place of Index.People.
type Person struct {
	FirstSeen  arrow.Date32
	Department int32
	Licensed   reports.AppSet
	Listed     bool // in today's directory
}

// Len is the number of people ever seen.
func (x *Index) Len() int { return len(x.People) - 1 }

// Listed is the number of people in today's directory.
func (x *Index) Listed() int {
	var n int
	for i := range x.People {
		if x.People[i].Listed {
			n++
		}
	}
	return n
}

// KeyByName returns the user_key of the user with this principal name, whatever its case. Somebody
// the directory no longer lists is found by the last name known, unless it was given to another.
func (x *Index) KeyByName(name []byte) (int32, bool) {
	key, ok := x.ByName[HashName(name)]
	return key, ok
}

// KeyByID returns the user_key of the user with this Entra object id.
func (x *Index) KeyByID(id string) (int32, bool) {
	parsed, err := parseUserID(id)
	if err != nil {
		return 0, false
	}
	key, ok := x.keys[parsed]
	return key, ok
}

// HashName hashes a user principal name without regard to case, since Microsoft's reports and its directory differ in
// case.
func HashName(name []byte) NameHash {
	var buffer [128]byte
	lower := buffer[:0]
	for _, c := range name {
		if c >= 0x80 || len(lower) == len(buffer) {
			return xxh3.HashString128(strings.ToLower(string(name)))
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower = append(lower, c)
	}
	return xxh3.Hash128(lower)
}

// KeepFormerNames lets a report that is older than the directory still find people who were
// renamed or deleted since, unless their name was given to another.
func (x *Index) KeepFormerNames() {
	for name, key := range x.formerNames {
		if _, taken := x.ByName[name]; !taken {
			x.ByName[name] = key
		}
	}
	x.formerNames = nil
}

// department returns the number of a department.
func (x *Index) department(name string) int32 {
	number, ok := x.departmentOf[name]
	if !ok {
		number = int32(len(x.Departments))
		x.Departments = append(x.Departments, name)
		x.departmentOf[name] = number
	}
	return number
}

func parseUserID(text string) (userID, error) {
	id, err := ids.ParseGUID(text)
	if err != nil {
		return userID{}, fmt.Errorf("user id %w", err)
	}
	return id, nil
}

// Remember learns the keys that were given before.
func (x *Index) Remember(previous iter.Seq2[arrow.RecordBatch, error]) error {
	*x = *New()
	column := func(rows arrow.RecordBatch, name string) arrow.Array { return rows.Column(schemas.Users.Column(name)) }
	for rows, err := range previous {
		if err != nil {
			return err
		}
		ids, names := column(rows, "user_id").(*array.String), column(rows, "user_principal_name").(*array.String)
		keys, firstSeen := column(rows, "user_key").(*array.Int32), column(rows, "first_seen").(*array.Date32)
		for i := range int(rows.NumRows()) {
			id, err := parseUserID(ids.Value(i))
			if err != nil {
				return fmt.Errorf("lake table users: %w", err)
			}
			key := keys.Value(i)
			for int(key) >= len(x.People) {
				x.People = append(x.People, Person{})
			}
			x.keys[id] = key
			x.People[key] = Person{FirstSeen: firstSeen.Value(i)}
			x.formerNames[HashName([]byte(names.Value(i)))] = key
		}
	}
	return nil
}

// See notes a user of today's listing and returns the user's key.
func (x *Index) See(
	userID, principalName string,
	department *string,
	day time.Time,
) (key int32, repeated bool, err error) {
	id, err := parseUserID(userID)
	if err != nil {
		return 0, false, fmt.Errorf("users: %w", err)
	}
	if principalName == "" {
		return 0, false, fmt.Errorf(
			"users: user %s has no userPrincipalName; the app registration probably lacks User.Read.All",
			userID,
		)
	}
	key, known := x.keys[id]
	if known && x.People[key].Listed {
		return key, true, nil
	}
	if !known {
		key = int32(len(x.People))
		x.keys[id] = key
		x.People = append(x.People, Person{FirstSeen: arrow.Date32FromTime(day)})
	}
	p := &x.People[key]
	p.Listed = true
	name := HashName([]byte(principalName))
	if other, taken := x.ByName[name]; taken {
		return 0, false, fmt.Errorf("users: two users are called %s (%s and user_key %d)", principalName, userID, other)
	}
	x.ByName[name] = key
	if department != nil {
		p.Department = x.department(*department)
	}
	return key, false, nil
}
