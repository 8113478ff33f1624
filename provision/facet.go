package provision

import (
	"maps"
	"slices"
	"time"
)

// A Facet is the part of the tenant that one step changes: as it was, as it is, or as it shall be.
// What a step does not touch is not in it.
type Facet struct {
	Account       AccountState     `json:"account,omitempty"`
	Enabled       *bool            `json:"enabled,omitempty"`
	UsageLocation *string          `json:"usage_location,omitempty"` // empty is none
	Licenses      map[string]Grant `json:"licenses,omitempty"`       // direct assignments by SKU id
	Groups        map[string]bool  `json:"groups,omitempty"`         // direct membership by group id
	// SessionsValidFrom is from when on sign-ins count. As a wish it means: then or later.
	SessionsValidFrom *time.Time `json:"sessions_valid_from,omitempty"`
}

// An AccountState is whether there is such an account.
type AccountState string

// What an account can be.
const (
	Absent  AccountState = "absent"
	Live    AccountState = "live"
	Deleted AccountState = "deleted" // for 30 days it can be restored
)

// A Grant is a licence as it is assigned to a user directly.
type Grant struct {
	Assigned      bool     `json:"assigned"`
	DisabledPlans []string `json:"disabled_plans,omitempty"` // service plan ids, sorted
}

// Matches says whether the tenant, which is f, is as wanted in all that wanted names.
func (f Facet) Matches(wanted Facet) bool {
	switch {
	case wanted.Account != "" && f.Account != wanted.Account,
		wanted.Enabled != nil && (f.Enabled == nil || *f.Enabled != *wanted.Enabled),
		wanted.UsageLocation != nil && (f.UsageLocation == nil || *f.UsageLocation != *wanted.UsageLocation),
		wanted.SessionsValidFrom != nil && (f.SessionsValidFrom == nil ||
			f.SessionsValidFrom.Before(*wanted.SessionsValidFrom)):
		return false
	}
	for sku, grant := range wanted.Licenses {
		have, known := f.Licenses[sku]
		if !known || have.Assigned != grant.Assigned || !slices.Equal(have.DisabledPlans, grant.DisabledPlans) {
			return false
		}
	}
	for group, member := range wanted.Groups {
		if have, known := f.Groups[group]; !known || have != member {
			return false
		}
	}
	return true
}

// With is f after a step that leads to wanted.
func (f Facet) With(wanted Facet) Facet {
	f.Licenses, f.Groups = maps.Clone(f.Licenses), maps.Clone(f.Groups)
	if wanted.Account != "" {
		f.Account = wanted.Account
	}
	if wanted.Enabled != nil {
		f.Enabled = wanted.Enabled
	}
	if wanted.UsageLocation != nil {
		f.UsageLocation = wanted.UsageLocation
	}
	if wanted.SessionsValidFrom != nil {
		f.SessionsValidFrom = wanted.SessionsValidFrom
	}
	if f.Licenses == nil && wanted.Licenses != nil {
		f.Licenses = map[string]Grant{}
	}
	maps.Copy(f.Licenses, wanted.Licenses)
	if f.Groups == nil && wanted.Groups != nil {
		f.Groups = map[string]bool{}
	}
	maps.Copy(f.Groups, wanted.Groups)
	return f
}
