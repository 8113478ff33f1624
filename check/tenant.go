package check

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"m365lake/config"
	"m365lake/config/signin"
	"m365lake/graph"
	"m365lake/graph/auth"
	"m365lake/graph/wire"
)

// A Tenant is what was found about one tenant.
type Tenant struct {
	Tenant       string    `json:"tenant"`
	TenantID     string    `json:"tenant_id"`
	Organization string    `json:"organization,omitempty"` // as Microsoft knows it
	Domain       string    `json:"domain,omitempty"`       // the verified one that is the default
	Cloud        string    `json:"cloud"`
	Application  string    `json:"application,omitempty"` // client id of the token
	Person       string    `json:"person,omitempty"`      // who signed in
	Granted      []string  `json:"granted,omitempty"`     // permissions of the token
	Findings     []Finding `json:"findings"`
}

// A tenantChecker asks one tenant.
type tenantChecker struct {
	Questions
	tenant config.Tenant
	client *graph.Client
	out    Tenant

	settings []Finding // follow those of the permissions
}

func (k *tenantChecker) addFinding(subject string, status Status, text, remedy string) {
	k.out.Findings = append(k.out.Findings, Finding{subject, status, text, remedy})
}

// askTenant signs in and asks. Each question is a small one, and a fault that may pass is
// repeated for half a minute only, because a person is waiting.
func (q Questions) askTenant(ctx context.Context, t config.Tenant) Tenant {
	k := &tenantChecker{
		Questions: q, tenant: t, out: Tenant{Tenant: t.Name, TenantID: t.TenantID, Cloud: t.Cloud.Name},
	}
	credentials, err := signin.Credentials(t)
	if err != nil {
		k.addFinding("sign-in", Stop, err.Error(), "")
		return k.out
	}
	if k.client, err = k.connect(credentials); err != nil {
		k.addFinding("sign-in", Stop, err.Error(), "")
		return k.out
	}
	err = k.client.Authenticate(ctx)
	if err != nil {
		text, remedy := withoutRemedy(err)
		k.addFinding("sign-in", Stop, text, remedy)
	} else {
		identity, opaque := k.client.Identity(ctx)
		if opaque != nil {
			identity.Delegated = t.Auth.Delegated != nil
		}
		k.signedIn(identity, opaque)
		k.permissions(ctx, identity, opaque)
		k.writer(ctx)
	}
	k.clock()
	return k.out
}

// connect makes a client that gives up soon.
func (k *tenantChecker) connect(credentials auth.Credentials) (*graph.Client, error) {
	return graph.New(graph.Options{
		Cloud: k.tenant.Cloud, Credentials: credentials, UserAgent: k.UserAgent, MaxTries: 4, MaxWait: 30 * time.Second,
		ReportCalls: k.Config.Limits.ReportCalls, ReportWindow: k.Config.Limits.ReportWindow,
	})
}

// withoutRemedy takes an error of graph apart: what happened, and what to do.
func withoutRemedy(err error) (text, remedy string) {
	var token *auth.TokenError
	var host *wire.UnreachableError
	var refused *graph.Error
	switch {
	case errors.As(err, &token):
		remedy = token.Remedy
	case errors.As(err, &host):
		remedy = host.Remedy
	case errors.As(err, &refused):
		remedy = refused.Remedy
	}
	return strings.TrimSuffix(err.Error(), "; "+remedy), remedy
}

// signedIn adds who the token was given to and how, and whether that person may read reports.
func (k *tenantChecker) signedIn(identity auth.Identity, opaque error) {
	k.out.Application, k.out.Person, k.out.Granted = identity.Application, identity.Person, identity.Permissions
	way := wayOf(k.tenant.Auth)
	switch {
	case opaque != nil:
		k.addFinding("sign-in", Note,
			"with "+way+"; the token does not tell its permissions, so that only the answers below count", "")
	case identity.Delegated:
		k.addFinding("sign-in", OK,
			fmt.Sprintf("%s, through application %s", cmp.Or(identity.Person, "a person"), identity.Application), "")
	default:
		k.addFinding("sign-in", OK, fmt.Sprintf("application %s with %s", identity.Application, way), "")
	}
	if may, known := identity.MayReadReports(); opaque == nil && !may {
		status, text := Gap, "this person holds no directory role that may read usage reports of users"
		if !known {
			status = Note
			text = "the token does not tell whether this person holds a directory role that may read usage reports"
		}
		k.addFinding("role", status, text, "let an administrator assign Reports Reader, "+
			"then sign in again: m365lake connect --tenant "+k.tenant.Name)
	}
}

// wayOf is how a tenant is signed in to, for people.
func wayOf(a config.Auth) string {
	switch {
	case a.Certificate != nil:
		return "a certificate"
	case a.Federation != nil:
		return "a federated credential"
	case a.ManagedIdentity != "":
		return "a managed identity"
	case a.Delegated != nil:
		return "a person's sign-in"
	}
	return "a client secret"
}

const (
	// notableSkew is worth a word, harmfulSkew ends sign-ins by assertion: Microsoft allows five minutes.
	notableSkew = time.Minute
	harmfulSkew = 5 * time.Minute
)

// clock compares this machine's clock with that of the last server that answered.
func (k *tenantChecker) clock() {
	skew, known := k.client.ClockSkew()
	if !known {
		return
	}
	size := skew.Abs().Round(time.Second)
	if size < notableSkew {
		k.addFinding("clock", OK, "agrees with Microsoft's", "")
		return
	}
	direction := "behind"
	if skew < 0 {
		direction = "ahead of"
	}
	text := fmt.Sprintf("this machine is %s %s Microsoft", size, direction)
	if size >= harmfulSkew {
		text += ": certificates and federated credentials are refused, and days may be taken for others"
	}
	k.addFinding("clock", Note, text, "set the clock, by NTP")
}
