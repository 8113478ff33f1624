package snapshot

import (
	"slices"
	"strings"
)

// A Group is a group as Graph has it now.
// Source: https://learn.microsoft.com/graph/api/resources/group
type Group struct {
	ID, DisplayName       string
	GroupTypes            []string
	MailEnabled           *bool
	SecurityEnabled       *bool
	OnPremisesSyncEnabled *bool
	IsAssignableToRole    *bool
	AssignedLicenses      []assignedLicense
}

// IsDynamic reports whether a rule decides who is in the group.
func (g *Group) IsDynamic() bool { return slices.Contains(g.GroupTypes, "DynamicMembership") }

// IsSynced reports whether the group comes from on premises, where alone it can be changed.
func (g *Group) IsSynced() bool { return g.OnPremisesSyncEnabled != nil && *g.OnPremisesSyncEnabled }

// MembershipNote says what decides who is in the group; empty when people do, in the cloud.
func (g *Group) MembershipNote() string {
	switch {
	case g.IsDynamic():
		return " (dynamic membership)"
	case g.IsSynced():
		return " (synchronized from on premises)"
	}
	return ""
}

// IsMailOnly reports a distribution list or a mail-enabled security group, which Graph does not change.
// Source: https://learn.microsoft.com/graph/api/resources/groups-overview ("Group types in Microsoft Graph").
func (g *Group) IsMailOnly() bool {
	return g.MailEnabled != nil && *g.MailEnabled && !slices.Contains(g.GroupTypes, "Unified")
}

// Normalize gives ids one spelling.
func (g *Group) Normalize() {
	g.ID = strings.ToLower(g.ID)
	for i := range g.AssignedLicenses {
		l := &g.AssignedLicenses[i]
		l.SKUID, l.DisabledPlans = strings.ToLower(l.SKUID), SortedIDs(l.DisabledPlans)
	}
}
