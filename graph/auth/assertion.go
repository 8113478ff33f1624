package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// assertionLife is within the five to ten minutes that Microsoft recommends.
const assertionLife = 5 * time.Minute

// assertion is a JWT (RFC 7523) signed with the certificate's key, by which the client proves its identity
// for one token request at audience, valid for minutes from now.
// Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials
func (c *Certificate) assertion(clientID, audience string, now time.Time) (string, error) {
	if now.After(c.ends) {
		return "", fmt.Errorf(
			"sign-in: the certificate ended on %s: make a new one and upload it to the app registration",
			c.ends.UTC().Format(time.DateOnly),
		)
	}
	header, err := json.Marshal(map[string]string{
		"alg": "PS256", "typ": "JWT", "x5t#S256": base64.RawURLEncoding.EncodeToString(c.thumbprint[:]),
	})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{
		"aud": audience, "iss": clientID, "sub": clientID, "jti": uuid.NewString(),
		"nbf": now.Unix(), "iat": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
	if err != nil {
		return "", err
	}
	signed := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(claims)
	digest := sha256.Sum256([]byte(signed))
	signature, err := c.sign(digest[:])
	if err != nil {
		return "", fmt.Errorf("sign-in: the private key cannot sign: %w", err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}
