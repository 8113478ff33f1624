package livetest

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"m365lake/graph"
	"m365lake/graph/auth"
	"m365lake/graph/cloud"
	"m365lake/provision"
	"m365lake/provision/snapshot"
	"m365lake/provision/tenant"
	"m365lake/sandbox"
)

// A Tenant is a sandbox that can be changed.
type Tenant struct {
	*testing.T
	Server  *sandbox.Server
	Client  *tenant.Client
	Now     time.Time
	actions int64
}

func NewTenant(t *testing.T, users int, faults ...string) *Tenant {
	t.Helper()
	now := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	company, err := sandbox.New(sandbox.Options{Users: users, Seed: 7, Faults: faults,
		Today: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	server, err := company.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	client, err := graph.New(graph.Options{
		Cloud: cloud.Cloud{Authority: server.URL(), Root: server.URL()},
		Credentials: auth.Credentials{TenantID: company.ID(), ClientID: company.WriterID(),
			ClientSecret: company.WriterSecret()},
		BaseDelay: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	return &Tenant{T: t, Server: server, Client: &tenant.Client{
		Graph: client, TenantID: company.ID(), TenantName: "sandbox", Root: server.URL()}, Now: now}
}

func (l *Tenant) Action(a provision.Action) provision.Action {
	l.actions++
	a.ID, a.RequestedBy = l.actions, "anna"
	return a
}

// Do carries a step out and wants the tenant to be as the step says.
func (l *Tenant) Do(s provision.Step) tenant.Receipt {
	l.Helper()
	before, err := l.Client.ReadFacet(l.Context(), s)
	if err != nil || !before.Matches(s.Before) {
		l.Fatalf("%s: before: %+v %v, planned %+v", s.Kind, before, err, s.Before)
	}
	receipt, err := l.Client.Do(l.Context(), s)
	if err != nil {
		l.Fatalf("%s %s: %v", s.Kind, s.User.UserPrincipalName, err)
	}
	after, err := l.Client.ReadFacet(l.Context(), s)
	if err != nil || !after.Matches(s.After) {
		l.Fatalf("%s: after: %+v %v, planned %+v", s.Kind, after, err, s.After)
	}
	return receipt
}

// Users are accounts that a plan may change: no administrators, no guests, none from on premises.
func (l *Tenant) Users(want func(*snapshot.Account) bool) []*snapshot.Account {
	l.Helper()
	var all []*snapshot.Account
	var users []provision.User
	path := "/v1.0/users?$select=id,userPrincipalName,displayName,userType,accountEnabled,usageLocation," +
		"onPremisesSyncEnabled,signInSessionsValidFromDateTime,assignedLicenses,licenseAssignmentStates&$top=999"
	for page, err := range l.Client.Graph.Pages(l.Context(), path) {
		var one struct{ Value []*snapshot.Account }
		if err != nil || json.Unmarshal(page.Body, &one) != nil {
			l.Fatal(err)
		}
		all = append(all, one.Value...)
	}
	for _, a := range all {
		users = append(users, a.Normalize().User())
	}
	protected, err := l.Client.ReadProtected(l.Context(), users, nil, true)
	if err != nil {
		l.Fatal(err)
	}
	var found []*snapshot.Account
	for _, a := range all {
		_, admin := protected[a.ID]
		if synced := a.OnPremisesSyncEnabled != nil && *a.OnPremisesSyncEnabled; !admin && !synced && a.UserType != "Guest" &&
			want(a) {
			found = append(found, a)
		}
	}
	return found
}

// Group is the id of a group that grants licences.
func (l *Tenant) Group(want func(*snapshot.Group) bool) string {
	l.Helper()
	path := "/v1.0/groups?$select=id,displayName,groupTypes,mailEnabled,securityEnabled,onPremisesSyncEnabled," +
		"isAssignableToRole,assignedLicenses&$filter=assignedLicenses/$count ne 0&$count=true"
	for page, err := range l.Client.Graph.Pages(l.Context(), path, http.Header{"ConsistencyLevel": {"eventual"}}) {
		var one struct{ Value []*snapshot.Group }
		if err != nil || json.Unmarshal(page.Body, &one) != nil {
			l.Fatal(err)
		}
		for _, g := range one.Value {
			if g.Normalize(); want(g) {
				return g.ID
			}
		}
	}
	l.Fatal("no such group")
	return ""
}
