// Package cloud knows Microsoft's national clouds: where people and programs sign in, and where Graph answers.
package cloud

import (
	"errors"
	"fmt"
	"m365lake/graph/wire"
	"m365lake/internal/text"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
)

// A Cloud says where to sign in and where Microsoft Graph answers. Tokens of one cloud are refused
// by every other.
type Cloud struct {
	Name      string
	Authority string // "https://login.microsoftonline.com"
	Root      string // "https://graph.microsoft.com", without slash or version
}

// clouds is the table of national clouds.
// Source: https://learn.microsoft.com/graph/deployments. GCC is part of the global cloud.
var clouds = [...]Cloud{
	{"global", "https://login.microsoftonline.com", "https://graph.microsoft.com"},
	{"usgov-l4", "https://login.microsoftonline.us", "https://graph.microsoft.us"},
	{"usgov-l5", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us"},
	{"china", "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"},
}

// otherNames are names people use for a cloud. They are suggested, not accepted: a configuration
// has one spelling.
var otherNames = map[string]string{
	"gcc": "global", "public": "global", "commercial": "global", "worldwide": "global",
	"gcch": "usgov-l4", "gcchigh": "usgov-l4", "gcc-high": "usgov-l4", "usgov": "usgov-l4", "fairfax": "usgov-l4",
	"dod": "usgov-l5", "usgov-dod": "usgov-l5",
	"21vianet": "china", "mooncake": "china", "cn": "china",
}

// ByName returns a Microsoft cloud; the empty name is the global one. The error of an unknown name names
// the clouds, and the one that was probably meant.
func ByName(name string) (Cloud, error) {
	if name == "" {
		return clouds[0], nil
	}
	for _, c := range clouds {
		if c.Name == name {
			return c, nil
		}
	}
	meant, ok := otherNames[strings.ToLower(name)]
	if !ok {
		meant, ok = text.Nearest(name, Names())
	}
	if !ok {
		return Cloud{}, fmt.Errorf("unknown cloud %q: the clouds are %s", name, strings.Join(Names(), ", "))
	}
	return Cloud{}, fmt.Errorf(
		"unknown cloud %q: did you mean %q? The clouds are %s",
		name,
		meant,
		strings.Join(Names(), ", "),
	)
}

// Names are the names that ByName knows.
func Names() []string {
	var names []string
	for _, c := range clouds {
		names = append(names, c.Name)
	}
	return names
}

// Custom describes a cloud that is not in the table: a newer sovereign cloud, or a sandbox on
// this machine. Both addresses are https; plain http is for loopback hosts only, because a secret
// and a token travel there. An error says what is wrong with which address, without a password in it.
func Custom(authority, root string) (Cloud, error) {
	a, err := origin(authority)
	if err != nil {
		return Cloud{}, fmt.Errorf("authority: %w", err)
	}
	r, err := origin(root)
	if err != nil {
		return Cloud{}, fmt.Errorf("graph root: %w", err)
	}
	return Cloud{Name: "custom", Authority: a, Root: r}, nil
}

// origin checks that address is scheme and host only and returns it in one spelling.
func origin(address string) (string, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return "", errors.New("the address cannot be parsed") // url.Error would repeat a password in it
	case u.User != nil:
		return "", errors.New("the address contains a user name or password")
	case u.Hostname() == "":
		return "", fmt.Errorf("%q has no host: write it as https://host", address)
	case u.Path != "" && u.Path != "/", u.RawQuery != "", u.ForceQuery, u.Fragment != "":
		return "", fmt.Errorf(
			"%q has more than scheme and host: write it without path (no /v1.0), query and fragment",
			address,
		)
	case !wire.Confidential(u):
		return "", fmt.Errorf("%q is not https: plain http is accepted for loopback hosts only", address)
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}

// TokenURL is the token endpoint of a tenant.
// Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
func (c Cloud) TokenURL(tenant string) string {
	return c.Authority + "/" + url.PathEscape(tenant) + "/oauth2/v2.0/token"
}

// UsageReports reports whether Microsoft offers the usage reports in this cloud: in the global one
// alone. Of a cloud that is not in the table nothing is known, and it is taken to have them.
// Source: the table of national clouds on each report's page, such as
// https://learn.microsoft.com/graph/api/reportroot-getoffice365activeuserdetail
func (c Cloud) UsageReports() bool {
	for _, national := range clouds[1:] {
		if c.Root == national.Root {
			return false
		}
	}
	return true
}

// Scope asks for every application permission that was granted on this cloud's Graph.
func (c Cloud) Scope() string { return c.Root + "/.default" }

// Endpoint is where people sign in to a tenant. Public clients send no secret, so all goes in the form.
// Sources: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow,
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
func (c Cloud) Endpoint(tenant string) oauth2.Endpoint {
	base := c.Authority + "/" + url.PathEscape(tenant) + "/oauth2/v2.0/"
	return oauth2.Endpoint{
		AuthURL: base + "authorize", DeviceAuthURL: base + "devicecode", TokenURL: base + "token",
		AuthStyle: oauth2.AuthStyleInParams,
	}
}

// FederationAudience is the audience of an assertion that another issuer signs for this cloud.
// Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust
func (c Cloud) FederationAudience() string {
	switch c.Authority {
	case clouds[1].Authority: // both of the US Government
		return "api://AzureADTokenExchangeUSGov"
	case clouds[3].Authority:
		return "api://AzureADTokenExchangeChina"
	}
	return "api://AzureADTokenExchange"
}
