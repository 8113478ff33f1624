package provision

import (
	"encoding/json"
	"m365lake/graph"
	"m365lake/sandbox"
	"net/http"
	"testing"
	"time"
)

// A liveTenant is a sandbox that can be changed.
type liveTenant struct {
	*testing.T
	server    *sandbox.Server
	directory *Directory
	now       time.Time
	actions   int64
}

func newLiveTenant(t *testing.T, users int, faults ...string) *liveTenant {
	t.Helper()
	now := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	tenant, err := sandbox.New(sandbox.Options{Users: users, Seed: 7, Faults: faults, Today: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	server, err := tenant.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	client, err := graph.New(graph.Options{
		Cloud:       graph.Cloud{Authority: server.URL(), Root: server.URL()},
		Credentials: graph.Credentials{TenantID: tenant.ID(), ClientID: tenant.WriterID(), ClientSecret: tenant.WriterSecret()},
		BaseDelay:   time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	return &liveTenant{T: t, server: server, directory: &Directory{Client: client, TenantID: tenant.ID(), TenantName: "sandbox", Root: server.URL()}, now: now}
}

func (l *liveTenant) action(a Action) Action {
	l.actions++
	a.ID, a.RequestedBy = l.actions, "anna"
	return a
}

// do carries a step out and wants the tenant to be as the step says.
func (l *liveTenant) do(s Step) Receipt {
	l.Helper()
	before, err := l.directory.Live(l.Context(), s)
	if err != nil || !before.Is(s.Before) {
		l.Fatalf("%s: before: %+v %v, planned %+v", s.Kind, before, err, s.Before)
	}
	receipt, err := l.directory.Do(l.Context(), s)
	if err != nil {
		l.Fatalf("%s %s: %v", s.Kind, s.User.UserPrincipalName, err)
	}
	after, err := l.directory.Live(l.Context(), s)
	if err != nil || !after.Is(s.After) {
		l.Fatalf("%s: after: %+v %v, planned %+v", s.Kind, after, err, s.After)
	}
	return receipt
}

// users are accounts that a plan may change: no administrators, no guests, none from on premises.
func (l *liveTenant) users(want func(*account) bool) []*account {
	l.Helper()
	var all []*account
	var users []User
	path := "/v1.0/users?$select=id,userPrincipalName,displayName,userType,accountEnabled,usageLocation,onPremisesSyncEnabled,signInSessionsValidFromDateTime,assignedLicenses,licenseAssignmentStates&$top=999"
	for page, err := range l.directory.Client.Pages(l.Context(), path) {
		var one struct{ Value []*account }
		if err != nil || json.Unmarshal(page.Body, &one) != nil {
			l.Fatal(err)
		}
		all = append(all, one.Value...)
	}
	for _, a := range all {
		users = append(users, a.settled().user())
	}
	protected, err := l.directory.Protected(l.Context(), users, nil, true)
	if err != nil {
		l.Fatal(err)
	}
	var found []*account
	for _, a := range all {
		_, admin := protected[a.ID]
		if synced := a.OnPremisesSyncEnabled != nil && *a.OnPremisesSyncEnabled; !admin && !synced && a.UserType != "Guest" && want(a) {
			found = append(found, a)
		}
	}
	return found
}

// group is the id of a group that grants licences.
func (l *liveTenant) group(want func(*group) bool) string {
	l.Helper()
	path := "/v1.0/groups?$select=id,displayName,groupTypes,mailEnabled,securityEnabled,onPremisesSyncEnabled,isAssignableToRole,assignedLicenses&$filter=assignedLicenses/$count ne 0&$count=true"
	for page, err := range l.directory.Client.Pages(l.Context(), path, http.Header{"ConsistencyLevel": {"eventual"}}) {
		var one struct{ Value []*group }
		if err != nil || json.Unmarshal(page.Body, &one) != nil {
			l.Fatal(err)
		}
		for _, g := range one.Value {
			if g.settled(); want(g) {
				return g.ID
			}
		}
	}
	l.Fatal("no such group")
	return ""
}
