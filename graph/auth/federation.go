package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"m365lake/graph/wire"
	"m365lake/internal/clock"
)

// A Federation gives the assertion of an issuer the app registration trusts, for an audience. It is
// asked before every token request, because such assertions live minutes.
// Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation
type Federation func(context.Context, AssertionRequest) (assertion string, err error)

// An AssertionRequest is what a Federation is asked with.
type AssertionRequest struct {
	Client   *http.Client // for issuers that are asked over HTTP
	Clock    clock.Clock
	Audience string
}

// FederatedTokenFile reads the assertion from a file that somebody else renews, as Kubernetes does
// with a projected service account token.
func FederatedTokenFile(path string) Federation {
	return func(context.Context, AssertionRequest) (string, error) {
		content, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("sign-in: the federated token: %w", err)
		}
		return checkJWT(string(content), "file "+path)
	}
}

// GitHubActions asks GitHub's issuer for the assertion of the workflow that runs. Address and bearer
// are those of ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN.
// Source: https://docs.github.com/actions/reference/openid-connect-reference
func GitHubActions(requestURL, bearer string) Federation {
	return func(ctx context.Context, asked AssertionRequest) (string, error) {
		u, err := url.Parse(requestURL)
		if err != nil || u.Host == "" || !wire.Confidential(u) {
			return "", errors.New(
				"sign-in: GitHub's ACTIONS_ID_TOKEN_REQUEST_URL is not an https address: " +
					"see that the workflow has the permission id-token: write",
			)
		}
		query := u.Query()
		query.Set("audience", asked.Audience)
		u.RawQuery = query.Encode()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return "", err
		}
		req.Header.Set("Authorization", "Bearer "+bearer)
		resp, err := asked.Client.Do(req) //nolint:bodyclose // wire.Discard closes it
		if err != nil {
			return "", wire.Unreachable(u, "sign-in", err)
		}
		defer wire.Discard(resp)
		if resp.StatusCode != http.StatusOK {
			return "", &TokenError{
				Status: resp.StatusCode, retryAfter: wire.RetryAfter(resp.Header, asked.Clock.Now()),
				Description: "GitHub gave no id token to this workflow",
				Remedy:      "give the job the permission id-token: write",
			}
		}
		var answer struct{ Value string }
		if err := json.NewDecoder(io.LimitReader(resp.Body, wire.ErrorBodyLimit)).Decode(&answer); err != nil {
			return "", noToken("GitHub's answer cannot be read")
		}
		return checkJWT(answer.Value, "answer of GitHub")
	}
}

// checkJWT sees that the content has the form of a signed JWT, so that nothing else is ever sent as one.
func checkJWT(content, from string) (string, error) {
	content = strings.TrimSpace(content)
	parts := strings.Split(content, ".")
	for _, part := range parts {
		if part == "" || strings.Trim(part, base64URL) != "" {
			parts = nil
		}
	}
	if len(parts) != 3 {
		return "", fmt.Errorf("sign-in: the %s holds no signed token (three parts joined by dots): see what writes it", from)
	}
	return content, nil
}

const base64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
