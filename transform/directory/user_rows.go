package directory

import (
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/schemas/column"
	"m365lake/transform"
)

// userRows are the rows of users.
type userRows struct {
	*column.Writer
	tenantID, userID, userPrincipalName, mail, displayName, givenName, surname, jobTitle *column.Text
	department, companyName, officeLocation, city, country, usageLocation, employeeID    *column.Text
	employeeType, managerID, preferredLanguage, userType                                 *column.Text
	userKey                                                                              *column.Key
	employeeHireDate, firstSeen, lastSeen, deletedAt                                     *column.Date
	accountEnabled, onPremisesSyncEnabled                                                *column.Boolean
	createdAt                                                                            *column.Timestamp
}

func newUserRows(w *column.Writer) userRows {
	return userRows{
		Writer:                w,
		tenantID:              w.Text("tenant_id"),
		userKey:               w.Key("user_key"),
		userID:                w.Text("user_id"),
		userPrincipalName:     w.Text("user_principal_name"),
		mail:                  w.Text("mail"),
		displayName:           w.Text("display_name"),
		givenName:             w.Text("given_name"),
		surname:               w.Text("surname"),
		jobTitle:              w.Text("job_title"),
		department:            w.Text("department"),
		companyName:           w.Text("company_name"),
		officeLocation:        w.Text("office_location"),
		city:                  w.Text("city"),
		country:               w.Text("country"),
		usageLocation:         w.Text("usage_location"),
		employeeID:            w.Text("employee_id"),
		employeeType:          w.Text("employee_type"),
		employeeHireDate:      w.Date("employee_hire_date"),
		managerID:             w.Text("manager_id"),
		preferredLanguage:     w.Text("preferred_language"),
		userType:              w.Text("user_type"),
		accountEnabled:        w.Boolean("account_enabled"),
		onPremisesSyncEnabled: w.Boolean("on_premises_sync_enabled"),
		createdAt:             w.Timestamp("created_at"),
		firstSeen:             w.Date("first_seen"),
		lastSeen:              w.Date("last_seen"),
		deletedAt:             w.Date("deleted_at"),
	}
}

// addUser ends a row about a user whom the directory lists today.
func (r userRows) addUser(u *graphUser, t transform.Tenant, key int32, firstSeen arrow.Date32) {
	r.tenantID.Append(t.ID)
	r.userKey.Append(key)
	r.userID.Append(strings.ToLower(u.ID))
	r.userPrincipalName.Append(u.UserPrincipalName)
	r.mail.AppendPointer(nullIfBlank(u.Mail))
	r.displayName.AppendPointer(nullIfBlank(u.DisplayName))
	r.givenName.AppendPointer(nullIfBlank(u.GivenName))
	r.surname.AppendPointer(nullIfBlank(u.Surname))
	r.jobTitle.AppendPointer(nullIfBlank(u.JobTitle))
	r.department.AppendPointer(nullIfBlank(u.Department))
	r.companyName.AppendPointer(nullIfBlank(u.CompanyName))
	r.officeLocation.AppendPointer(nullIfBlank(u.OfficeLocation))
	r.city.AppendPointer(nullIfBlank(u.City))
	r.country.AppendPointer(nullIfBlank(u.Country))
	r.usageLocation.AppendPointer(nullIfBlank(u.UsageLocation))
	r.employeeID.AppendPointer(nullIfBlank(u.EmployeeID))
	r.employeeType.AppendPointer(nullIfBlank(u.EmployeeType))
	r.employeeHireDate.AppendDayPointer(u.EmployeeHireDate)
	r.managerID.AppendFilled(u.managerID())
	r.preferredLanguage.AppendPointer(nullIfBlank(u.PreferredLanguage))
	r.userType.AppendPointer(nullIfBlank(u.UserType))
	r.accountEnabled.AppendPointer(u.AccountEnabled)
	r.onPremisesSyncEnabled.AppendPointer(u.OnPremisesSyncEnabled)
	r.createdAt.AppendTimePointer(u.CreatedDateTime)
	r.firstSeen.Append(firstSeen)
	r.lastSeen.AppendDay(t.Day)
	r.EndRow()
}
