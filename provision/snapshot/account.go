package snapshot

import (
	"slices"
	"strings"
	"time"

	"m365lake/internal/ids"
	"m365lake/provision"
)

// An Account is a user as Graph has it now.
// Source: https://learn.microsoft.com/graph/api/resources/user
type Account struct {
	ID                              string
	UserPrincipalName               string
	DisplayName                     string
	UserType                        string
	AccountEnabled                  *bool
	UsageLocation                   string
	OnPremisesSyncEnabled           *bool
	SignInSessionsValidFromDateTime *time.Time
	AssignedLicenses                []assignedLicense
	LicenseAssignmentStates         []LicenseState

	State provision.AccountState
}

type assignedLicense struct {
	SKUID         string `json:"skuId"`
	DisabledPlans []string
}

// A LicenseState is one way by which a user has a licence.
// Source: https://learn.microsoft.com/graph/api/resources/licenseassignmentstate
type LicenseState struct {
	SKUID           string `json:"skuId"`
	DisabledPlans   []string
	AssignedByGroup string // empty is directly
	State           string
}

// Normalize gives ids one spelling and lists one order.
func (a *Account) Normalize() *Account {
	a.State, a.ID = provision.Live, strings.ToLower(a.ID)
	for i := range a.AssignedLicenses {
		l := &a.AssignedLicenses[i]
		l.SKUID, l.DisabledPlans = strings.ToLower(l.SKUID), SortedIDs(l.DisabledPlans)
	}
	for i := range a.LicenseAssignmentStates {
		s := &a.LicenseAssignmentStates[i]
		s.SKUID, s.AssignedByGroup = strings.ToLower(s.SKUID), strings.ToLower(s.AssignedByGroup)
		s.DisabledPlans = SortedIDs(s.DisabledPlans)
	}
	return a
}

// SortedIDs is a list of ids in lower case, each once; nil when there is none.
func SortedIDs(ids []string) []string {
	if len(ids) == 0 {
		return nil
	}
	sorted := make([]string, len(ids))
	for i, id := range ids {
		sorted[i] = strings.ToLower(id)
	}
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// DirectGrant is the licence as it is assigned to the user directly, whether it works or not. One that
// no state explains counts as direct: taking it, Graph says if a group gives it.
func (a *Account) DirectGrant(sku string) provision.Grant {
	explained := false
	for _, s := range a.LicenseAssignmentStates {
		if s.SKUID != sku {
			continue
		}
		if s.AssignedByGroup == "" {
			return provision.Grant{Assigned: true, DisabledPlans: s.DisabledPlans}
		}
		explained = true
	}
	if !explained {
		for _, l := range a.AssignedLicenses {
			if l.SKUID == sku {
				return provision.Grant{Assigned: true, DisabledPlans: l.DisabledPlans}
			}
		}
	}
	return provision.Grant{}
}

// GroupGrants are the groups from which the user has the licence, and what each leaves out. A way that
// failed is none: the user does not have the licence by it.
func (a *Account) GroupGrants(sku string) []LicenseState {
	var ways []LicenseState
	for _, s := range a.LicenseAssignmentStates {
		if s.SKUID == sku && s.AssignedByGroup != "" &&
			(s.State == "" || s.State == "Active" || s.State == "ActiveWithError") {
			ways = append(ways, s)
		}
	}
	return ways
}

// SKUs are all licences the user has in any way, sorted.
func (a *Account) SKUs() []string {
	var ids []string
	for _, s := range a.LicenseAssignmentStates {
		ids = append(ids, s.SKUID)
	}
	for _, l := range a.AssignedLicenses {
		ids = append(ids, l.SKUID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Facet is what named names, as it is. Of an account that is not live nothing else is known.
func (a *Account) Facet(named provision.Facet) provision.Facet {
	var f provision.Facet
	if named.Account != "" || a.State != provision.Live {
		f.Account = a.State
	}
	if a.State != provision.Live {
		return f
	}
	if named.Enabled != nil {
		f.Enabled = new(a.AccountEnabled != nil && *a.AccountEnabled)
	}
	if named.UsageLocation != nil {
		f.UsageLocation = new(strings.ToUpper(a.UsageLocation))
	}
	if named.SessionsValidFrom != nil && a.SignInSessionsValidFromDateTime != nil {
		f.SessionsValidFrom = new(a.SignInSessionsValidFromDateTime.UTC())
	}
	for sku := range named.Licenses {
		if f.Licenses == nil {
			f.Licenses = map[string]provision.Grant{}
		}
		f.Licenses[sku] = a.DirectGrant(sku)
	}
	return f
}

// User names the account in steps.
func (a *Account) User() provision.User {
	return provision.User{ID: a.ID, UserPrincipalName: a.UserPrincipalName, DisplayName: a.DisplayName}
}

// UserAs is the user that was asked for as key: an absent one is called as it was asked for.
func (a *Account) UserAs(key string) provision.User {
	switch {
	case a.State != provision.Absent:
		return a.User()
	case ids.IsGUID(key):
		return provision.User{ID: strings.ToLower(key)}
	}
	return provision.User{UserPrincipalName: key}
}

// LicensingGroups are the ids of the groups from which the user has a licence.
func (a *Account) LicensingGroups() []string {
	var ids []string
	for _, sku := range a.SKUs() {
		for _, way := range a.GroupGrants(sku) {
			ids = append(ids, way.AssignedByGroup)
		}
	}
	return ids
}

// Holds reports whether the user has the licence in any way, and so takes a seat.
func (a *Account) Holds(sku string) bool {
	return a.DirectGrant(sku).Assigned || len(a.GroupGrants(sku)) > 0
}
