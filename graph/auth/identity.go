package auth

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"m365lake/internal/text"
)

// An Identity says to whom Microsoft gave an access token. It holds nothing of the token itself.
type Identity struct {
	Application string   // client id
	Person      string   // user principal name; "" for an application
	Delegated   bool     // a person signed in, or else the application itself
	Permissions []string // granted, sorted
	Roles       []string // template ids of a person's directory roles; nil when the token is silent
}

// Type is what Microsoft calls the kind of the permissions.
func (i Identity) Type() string {
	if i.Delegated {
		return "Delegated"
	}
	return "Application"
}

// errOpaque is why nothing is known of a token.
var errOpaque = errors.New("the token's claims cannot be read")

// ReadClaims reads the middle of header.claims.signature.
func ReadClaims(token string) (Identity, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return Identity{}, errOpaque
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return Identity{}, errOpaque
	}
	var claims struct {
		AppID string   `json:"appid"` // of version 1 tokens, as Graph's are
		AZP   string   `json:"azp"`   // of version 2
		Kind  string   `json:"idtyp"`
		Roles []string `json:"roles"` // application permissions
		Scope *string  `json:"scp"`   // delegated permissions; applications have none
		UPN   string   `json:"upn"`
		Name  string   `json:"preferred_username"`
		WIDs  []string `json:"wids"`
	}
	if err := json.Unmarshal(raw, &claims); err != nil {
		return Identity{}, errOpaque // json's own error repeats what it read
	}
	i := Identity{Application: claims.AppID, Permissions: claims.Roles}
	if i.Application == "" {
		i.Application = claims.AZP
	}
	if claims.Scope != nil || claims.Kind == "user" {
		i.Delegated, i.Roles, i.Person = true, claims.WIDs, claims.UPN
		if i.Person == "" {
			i.Person = claims.Name
		}
		i.Permissions = nil
		if claims.Scope != nil {
			i.Permissions = strings.Fields(*claims.Scope)
		}
	}
	i.Application, i.Person = text.OneLine(i.Application, 100), text.OneLine(i.Person, 100)
	for n := range i.Permissions {
		i.Permissions[n] = text.OneLine(i.Permissions[n], 100)
	}
	slices.Sort(i.Permissions)
	i.Permissions = slices.Compact(i.Permissions)
	return i, nil
}

// reportReaders are the directory roles whose holders may read usage reports with the details of
// users. Global Reader and Usage Summary Reports Reader see the tenant's totals only.
// Sources: https://learn.microsoft.com/graph/reportroot-authorization,
// https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
var reportReaders = []string{
	"62e90394-69f5-4237-9190-012177145e10", // Global Administrator
	"29232cdf-9323-42fd-ade2-1d097af3e4de", // Exchange Administrator
	"f28a1f50-f6e7-4571-818b-6a12f2af6b6c", // SharePoint Administrator
	"75941009-915a-4869-abe7-691bff18279e", // Skype for Business Administrator
	"69091246-20e8-4a56-aa4d-066075b2a7a8", // Teams Administrator
	"baf37b3a-610e-45da-9e62-d9d1e5e8914b", // Teams Communications Administrator
	"4a5d8f65-41da-4de4-8968-e035b65339cf", // Reports Reader
}

// MayReadReports reports whether a person holds a directory role that usage reports need. An
// application needs none. Where the token does not name the roles, known is false.
func (i Identity) MayReadReports() (may, known bool) {
	if !i.Delegated {
		return true, true
	}
	for _, role := range i.Roles {
		if slices.Contains(reportReaders, strings.ToLower(role)) {
			return true, true
		}
	}
	return false, len(i.Roles) > 0
}
