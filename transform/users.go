package transform

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
)

type graphUser struct {
	ID                      string            `json:"id"`
	UserPrincipalName       string            `json:"userPrincipalName"`
	Mail                    *string           `json:"mail"`
	DisplayName             *string           `json:"displayName"`
	GivenName               *string           `json:"givenName"`
	Surname                 *string           `json:"surname"`
	JobTitle                *string           `json:"jobTitle"`
	Department              *string           `json:"department"`
	CompanyName             *string           `json:"companyName"`
	OfficeLocation          *string           `json:"officeLocation"`
	City                    *string           `json:"city"`
	Country                 *string           `json:"country"`
	UsageLocation           *string           `json:"usageLocation"`
	EmployeeID              *string           `json:"employeeId"`
	EmployeeType            *string           `json:"employeeType"`
	EmployeeHireDate        *time.Time        `json:"employeeHireDate"`
	PreferredLanguage       *string           `json:"preferredLanguage"`
	UserType                *string           `json:"userType"`
	AccountEnabled          *bool             `json:"accountEnabled"`
	OnPremisesSyncEnabled   *bool             `json:"onPremisesSyncEnabled"`
	CreatedDateTime         *time.Time        `json:"createdDateTime"`
	AssignedLicenses        []graphLicense    `json:"assignedLicenses"`
	LicenseAssignmentStates []graphAssignment `json:"licenseAssignmentStates"`
	Manager                 *graphID          `json:"manager"`
}

// graphID is an object of which only the id was asked for, or matters.
type graphID struct {
	ID string `json:"id"`
}

// Previous streams a table as the lake has it. It is read twice, so that what is kept of it in
// memory stays small.
type Previous func() iter.Seq2[arrow.RecordBatch, error]

// Users reads the raw file of /users into the tables users and license_assignments and fills the
// index. People whom the directory no longer lists are carried over from the previous table, with
// the day of their deletion where deleted has it.
func Users(r io.Reader, t Tenant, grants *Grants, deleted Deleted, previous Previous, index *UserIndex) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		users := newRowBuilder(&schemas.Users, t.Mem)
		defer users.release()
		licenses := newRowBuilder(&schemas.LicenseAssignments, t.Mem)
		defer licenses.release()
		if err := index.remember(previous()); err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		var listed int
		for u, err := range values[graphUser](r, "users") {
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			person, repeated, err := index.see(u, t.Day)
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			if repeated {
				continue // a listing that was restarted or moved under our feet may repeat somebody
			}
			listed++
			firstSeen := index.people[person].firstSeen
			users.add(t.ID, person, strings.ToLower(u.ID), u.UserPrincipalName, text(u.Mail), text(u.DisplayName), text(u.GivenName), text(u.Surname),
				text(u.JobTitle), text(u.Department), text(u.CompanyName), text(u.OfficeLocation), text(u.City), text(u.Country),
				text(u.UsageLocation), text(u.EmployeeID), text(u.EmployeeType), u.EmployeeHireDate, u.managerID(), text(u.PreferredLanguage),
				text(u.UserType), u.AccountEnabled, u.OnPremisesSyncEnabled, u.CreatedDateTime, firstSeen, t.Day, nil)
			index.people[person].licensed = assignments(u, t, person, grants, licenses)
			if !yieldFull(yield, users) || !yieldFull(yield, licenses) {
				return
			}
		}
		index.keepFormerNames()
		if listed == 0 {
			yield(schemas.Batch{}, errors.New("users: Graph listed nobody, which no tenant can be; the previous users are kept"))
			return
		}
		if err := carryOver(previous(), t, index, deleted, users, yield); err != nil {
			if !errors.Is(err, errStopped) {
				yield(schemas.Batch{}, err)
			}
			return
		}
		if yieldRest(yield, users) {
			yieldRest(yield, licenses)
		}
	}
}

// errStopped says that the receiver of batches wants no more.
var errStopped = errors.New("stopped")

// carryOver keeps the people who were there before and are no longer listed.
func carryOver(previous iter.Seq2[arrow.RecordBatch, error], t Tenant, index *UserIndex, deleted Deleted, users *rowBuilder, yield func(schemas.Batch, error) bool) error {
	ids, keys, deletedAt := schemas.Users.Column("user_id"), schemas.Users.Column("user_key"), schemas.Users.Column("deleted_at")
	for rows, err := range previous {
		if err != nil {
			return err
		}
		for i := range int(rows.NumRows()) {
			if index.people[rows.Column(keys).(*array.Int32).Value(i)].listed {
				continue
			}
			since := arrow.Date32FromTime(t.Day)
			if noted := rows.Column(deletedAt).(*array.Date32); noted.IsValid(i) {
				since = noted.Value(i)
			}
			if day, told := deleted[rows.Column(ids).(*array.String).Value(i)]; told {
				since = day
			}
			if err := users.copyRow(rows, i, deletedAt, since); err != nil {
				return err
			}
			if !yieldFull(yield, users) {
				return errStopped
			}
		}
	}
	return nil
}

func (u *graphUser) managerID() any {
	if u.Manager == nil || u.Manager.ID == "" {
		return nil
	}
	return strings.ToLower(u.Manager.ID)
}

func yieldFull(yield func(schemas.Batch, error) bool, rows *rowBuilder) bool {
	return !rows.full() || yieldRest(yield, rows)
}

// text turns the empty text, which Graph sends at times for "none", into NULL: otherwise "no
// department" would be two groups.
func text(s *string) *string {
	if s == nil || strings.TrimSpace(*s) == "" {
		return nil
	}
	return s
}

// remember learns the keys that were given before.
func (x *UserIndex) remember(previous iter.Seq2[arrow.RecordBatch, error]) error {
	*x = UserIndex{
		keys: map[userID]int32{}, byName: map[nameHash]int32{}, formerNames: map[nameHash]int32{},
		people: make([]person, 1), departments: []string{""}, departmentOf: map[string]int32{},
	}
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
			for int(key) >= len(x.people) {
				x.people = append(x.people, person{})
			}
			x.keys[id] = key
			x.people[key] = person{firstSeen: firstSeen.Value(i)}
			x.formerNames[hashName([]byte(names.Value(i)))] = key
		}
	}
	return nil
}

// see notes a user of today's listing and returns the user's key.
func (x *UserIndex) see(u *graphUser, day time.Time) (key int32, repeated bool, err error) {
	id, err := parseUserID(u.ID)
	if err != nil {
		return 0, false, fmt.Errorf("users: %w", err)
	}
	if u.UserPrincipalName == "" {
		return 0, false, fmt.Errorf("users: user %s has no userPrincipalName; the app registration probably lacks User.Read.All", u.ID)
	}
	key, known := x.keys[id]
	if known && x.people[key].listed {
		return key, true, nil
	}
	if !known {
		key = int32(len(x.people))
		x.keys[id] = key
		x.people = append(x.people, person{firstSeen: arrow.Date32FromTime(day)})
	}
	p := &x.people[key]
	p.listed = true
	name := hashName([]byte(u.UserPrincipalName))
	if other, taken := x.byName[name]; taken {
		return 0, false, fmt.Errorf("users: two users are called %s (%s and user_key %d)", u.UserPrincipalName, u.ID, other)
	}
	x.byName[name] = key
	if department := text(u.Department); department != nil {
		p.department = x.department(*department)
	}
	return key, false, nil
}
