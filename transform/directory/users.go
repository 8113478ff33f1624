// Package directory reads what Graph says of the directory: users, licences, groups, roles, products and
// sign-ins, and keeps the history of users and licences.
package directory

import (
	"errors"
	"io"
	"iter"
	"maps"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/internal/ids"
	"m365lake/schemas"
	"m365lake/schemas/column"
	"m365lake/transform"
	"m365lake/transform/userindex"
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

// Users reads the raw file of /users into the tables users and license_assignments and fills the
// index. People whom the directory no longer lists are carried over from the previous table, with
// the day of their deletion where deleted has it. Accounts that are set aside are carried over as they were; so are
// those of a Listing that have no sign-in name. Two accounts of one name of which none is set aside are an error.
func Users(r io.Reader, t transform.Tenant, grants *Grants, deleted Deleted, aside SetAside,
	previous transform.Previous, index *userindex.Index,
) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		users := newUserRows(column.NewWriter(&schemas.Users, t.Mem))
		licenses := newLicenseRows(t.NewWriter(&schemas.LicenseAssignments))
		if err := index.Remember(previous()); err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		var listed int
		aside := maps.Clone(aside)
		for u, err := range values[graphUser](r, "users") {
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			if fault := u.unusable(); fault != "" && setAsideOf(r, u.ownerText(), fault) {
				if aside == nil {
					aside = SetAside{}
				}
				aside[strings.ToLower(u.ID)] = u.UserPrincipalName
			}
			if _, skip := aside[strings.ToLower(u.ID)]; skip {
				if key, known := index.KeyByID(u.ID); known {
					index.People[key].Licensed = assignments(u, key, grants, licenses)
				}
				continue
			}
			person, repeated, err := index.See(u.ID, u.UserPrincipalName, nullIfBlank(u.Department), t.Day)
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			if repeated {
				continue // a listing that was restarted or moved under our feet may repeat somebody
			}
			listed++
			firstSeen := index.People[person].FirstSeen
			users.addUser(u, t, person, firstSeen)
			index.People[person].Licensed = assignments(u, person, grants, licenses)
			if !users.FlushFull(yield) || !licenses.FlushFull(yield) {
				return
			}
		}
		index.KeepFormerNames()
		if listed == 0 {
			yield(
				schemas.Batch{},
				errors.New("users: Graph listed nobody, which no tenant can be; the previous users are kept"),
			)
			return
		}
		if err := carryOver(previous(), t, index, deleted, aside, users, yield); err != nil {
			if !errors.Is(err, errStopped) {
				yield(schemas.Batch{}, err)
			}
			return
		}
		if users.Flush(yield) {
			licenses.Flush(yield)
		}
	}
}

// errStopped says that the receiver of batches wants no more.
var errStopped = errors.New("stopped")

// carryOver keeps the people who were there before and are no longer listed.
func carryOver(
	previous iter.Seq2[arrow.RecordBatch, error],
	t transform.Tenant,
	index *userindex.Index,
	deleted Deleted,
	aside SetAside,
	users userRows,
	yield func(schemas.Batch, error) bool,
) error {
	ids, keys, deletedAt := schemas.Users.Column(
		"user_id",
	), schemas.Users.Column(
		"user_key",
	), schemas.Users.Column(
		"deleted_at",
	)
	for rows, err := range previous {
		if err != nil {
			return err
		}
		for i := range int(rows.NumRows()) {
			if index.People[rows.Column(keys).(*array.Int32).Value(i)].Listed {
				continue
			}
			id := rows.Column(ids).(*array.String).Value(i)
			if err := users.CopyRow(rows, i, deletedAt); err != nil {
				return err
			}
			noted := rows.Column(deletedAt).(*array.Date32)
			day, told := deleted[id]
			_, listed := aside[id]
			switch {
			case told:
				users.deletedAt.Append(day)
			case noted.IsValid(i):
				users.deletedAt.Append(noted.Value(i))
			case !listed:
				users.deletedAt.AppendDay(t.Day)
			}
			users.EndRow()
			if !users.FlushFull(yield) {
				return errStopped
			}
		}
	}
	return nil
}

// unusable says why nothing can be known of the user; it is "" when something can.
func (u *graphUser) unusable() string {
	if _, err := ids.ParseGUID(u.ID); err != nil {
		return "the id is no GUID"
	}
	if u.UserPrincipalName == "" {
		return "there is no userPrincipalName; the app registration lacks User.Read.All if that is so of many"
	}
	return ""
}

// ownerText is the user as messages name it.
func (u *graphUser) ownerText() string {
	switch {
	case u.ID == "":
		return "a user without an id"
	case u.UserPrincipalName == "":
		return u.ID
	}
	return u.ID + " (" + u.UserPrincipalName + ")"
}

// managerID is the id of the manager; "" is none.
func (u *graphUser) managerID() string {
	if u.Manager == nil {
		return ""
	}
	return strings.ToLower(u.Manager.ID)
}

// nullIfBlank turns the empty text, which Graph sends at times for "none", into NULL: otherwise "no
// department" would be two groups.
func nullIfBlank(s *string) *string {
	if s == nil || strings.TrimSpace(*s) == "" {
		return nil
	}
	return s
}
