package entra

import (
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"m365lake/sandbox/clock"
	"m365lake/sandbox/company"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/seal"
)

// tokenLife is how long an access token is good for.
const tokenLife = 3599 * time.Second

const graphAudience = "https://graph.microsoft.com"

// Tokens makes and checks the access tokens of a tenant. It is safe for concurrent use.
type Tokens struct {
	company *company.Company
	clock   clock.Clock
	faults  faults.Set
	key     seal.Key
}

// NewTokens returns the access tokens of a company. Of the faults, those about permissions and roles matter here.
func NewTokens(c *company.Company, at clock.Clock, set faults.Set) Tokens {
	return Tokens{company: c, clock: at, faults: set, key: seal.Key(c.Secret())}
}

// Claims is what an access token claims.
// Source: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
type Claims struct {
	Audience       string   `json:"aud"`
	Issuer         string   `json:"iss"`
	IssuedAt       int64    `json:"iat"`
	NotSince       int64    `json:"nbf"`
	Expires        int64    `json:"exp"`
	AppID          string   `json:"appid"`
	IDType         string   `json:"idtyp"`           // "app" or "user"
	Roles          []string `json:"roles,omitempty"` // without a permission the claim is left out
	Scopes         string   `json:"scp,omitempty"`   // of a person
	DirectoryRoles []string `json:"wids,omitempty"`  // of a person
	PrincipalName  string   `json:"upn,omitempty"`   // of a person
	Tenant         string   `json:"tid"`
	Version        string   `json:"ver"`
}

// Claims are jwt.Claims, of which only the end of the token's life is checked: a test may set the tenant's clock back.

// GetExpirationTime returns when the token's life ends.
func (c Claims) GetExpirationTime() (*jwt.NumericDate, error) {
	return jwt.NewNumericDate(time.Unix(c.Expires, 0)), nil
}

// GetIssuedAt returns nothing, so that it is not checked.
func (Claims) GetIssuedAt() (*jwt.NumericDate, error) { return nil, nil }

// GetNotBefore returns nothing, so that it is not checked.
func (Claims) GetNotBefore() (*jwt.NumericDate, error) { return nil, nil }

// GetIssuer returns the issuer.
func (c Claims) GetIssuer() (string, error) { return c.Issuer, nil }

// GetSubject returns nothing: the tokens here have no subject.
func (Claims) GetSubject() (string, error) { return "", nil }

// GetAudience returns the audience.
func (c Claims) GetAudience() (jwt.ClaimStrings, error) { return jwt.ClaimStrings{c.Audience}, nil }

// Reader is a token, made now, of the application that reads.
func (t Tokens) Reader() string { return t.ofApplication(t.reader(), t.clock.Tenant()) }

// Writer is a token, made now, of the application that also writes.
func (t Tokens) Writer() string { return t.ofApplication(t.writer(), t.clock.Tenant()) }

func (t Tokens) ofApplication(app application, at time.Time) string {
	c := t.claims(at)
	c.AppID, c.IDType, c.Roles = app.id, "app", t.granted(app.permissions)
	return t.signed(c)
}

// Person is a token, made now, of the person who signed in, with the permissions granted.
func (t Tokens) Person(scopes []string) string {
	var granted []string
	for _, scope := range scopes {
		if scope != offlineScope {
			granted = append(granted, scope[strings.LastIndexByte(scope, '/')+1:])
		}
	}
	c := t.claims(t.clock.Tenant())
	c.AppID, c.IDType, c.Scopes = t.company.ClientID(), "user", strings.Join(t.granted(granted), " ")
	c.DirectoryRoles, c.PrincipalName = t.personRoles(), "reports.reader@"+t.company.Domain
	return t.signed(c)
}

// claims is what all tokens made at a time claim.
func (t Tokens) claims(at time.Time) Claims {
	return Claims{Audience: graphAudience, Issuer: "https://sts.windows.net/" + t.company.ID() + "/",
		IssuedAt: at.Unix(), NotSince: at.Unix(), Expires: at.Add(tokenLife).Unix(),
		Tenant: t.company.ID(), Version: "1.0"}
}

func (t Tokens) signed(c Claims) string {
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString([]byte(t.key))
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	return text
}

// Check says whether an Authorization header carries a token of this tenant that has not expired, and what the token
// claims. expired is true for a token of this tenant whose life has ended.
func (t Tokens) Check(header string) (c Claims, ok, expired bool) {
	text, found := strings.CutPrefix(header, "Bearer ")
	if !found {
		return c, false, false
	}
	_, err := jwt.ParseWithClaims(text, &c, func(*jwt.Token) (any, error) { return []byte(t.key), nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithTimeFunc(t.clock.Tenant))
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return c, false, true
	case err != nil:
		return Claims{}, false, false
	}
	return c, true, false
}
