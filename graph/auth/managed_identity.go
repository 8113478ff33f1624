package auth

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"m365lake/graph/wire"
	"m365lake/internal/text"
)

const (
	// instanceMetadata is where a virtual machine in Azure asks about itself.
	// Source: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
	instanceMetadata = "http://169.254.169.254"
	// metadataUpdate is how long the metadata service may answer 410 Gone while it is updated.
	metadataUpdate = 70 * time.Second
	// metadataTimeout bounds one request to this machine's own endpoint.
	metadataTimeout = 10 * time.Second
)

// A ManagedIdentity is the identity that Azure gives the machine the program runs on. The header's
// secret is in a closure, where no printing can find it.
type ManagedIdentity struct {
	request func(ctx context.Context, resource, clientID string) (*http.Request, error)
	redact  func(text string) string
}

// InstanceMetadata asks the metadata service of a virtual machine, a scale set, a container instance
// or a Kubernetes node. base is "" for Azure's own address; another is for loopback.
func InstanceMetadata(base string) *ManagedIdentity {
	return &ManagedIdentity{
		redact: func(text string) string { return text },
		request: func(ctx context.Context, resource, clientID string) (*http.Request, error) {
			return identityRequest(
				ctx,
				cmp.Or(base, instanceMetadata)+"/metadata/identity/oauth2/token",
				"2018-02-01",
				resource,
				clientID,
				"Metadata",
				"true",
			)
		},
	}
}

// AppService asks the endpoint of an App Service, a Function or a Container App. Endpoint and header
// are those of IDENTITY_ENDPOINT and IDENTITY_HEADER.
// Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity
func AppService(endpoint, header string) *ManagedIdentity {
	return &ManagedIdentity{
		redact: func(text string) string { return redact(text, header) },
		request: func(ctx context.Context, resource, clientID string) (*http.Request, error) {
			return identityRequest(ctx, endpoint, "2019-08-01", resource, clientID, "X-IDENTITY-HEADER", header)
		},
	}
}

func identityRequest(
	ctx context.Context,
	endpoint, version, resource, clientID, name, value string,
) (*http.Request, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.User != nil || !wire.Confidential(u) && !linkLocal(u.Hostname()) {
		return nil, errors.New(
			"sign-in: the endpoint of the managed identity is not an address of this machine: check IDENTITY_ENDPOINT",
		)
	}
	query := u.Query()
	query.Set("api-version", version)
	query.Set("resource", resource)
	if clientID != "" {
		query.Set("client_id", clientID)
	}
	u.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set(name, value)
	return req, nil
}

// linkLocal reports whether host is an address that no router passes on.
func linkLocal(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLinkLocalUnicast()
}

// withManagedIdentity asks for a token of the machine's own identity, or of that with the client id.
func (s service) withManagedIdentity(m *ManagedIdentity, clientID string) grant {
	quick := *s.client
	quick.Timeout = metadataTimeout
	return func(ctx context.Context) (*oauth2.Token, error) {
		req, err := m.request(ctx, s.cloud.Root, clientID)
		if err != nil {
			return nil, err
		}
		resp, err := quick.Do(req) //nolint:bodyclose // wire.ReadError and wire.Discard close it
		if err != nil {
			if transport := (*url.Error)(nil); errors.As(err, &transport) {
				err = transport.Err
			}
			failed := wire.Unreachable(req.URL, "sign-in", err)
			var host *wire.UnreachableError
			if errors.As(failed, &host) {
				host.Remedy = "managed identities exist on Azure only: run there, or choose another way to sign in"
			}
			return nil, failed
		}
		if resp.StatusCode != http.StatusOK {
			return nil, m.refusal(resp, wire.ReadError(resp), s.clock.Now())
		}
		defer wire.Discard(resp)
		body, err := io.ReadAll(io.LimitReader(resp.Body, wire.ErrorBodyLimit))
		if err != nil {
			return nil, noToken(err.Error())
		}
		return identityToken(body, s.clock.Now())
	}
}

// refusal reads both endpoints' errors: that of the metadata service has OAuth's form, that of App
// Service a message.
func (m *ManagedIdentity) refusal(resp *http.Response, body []byte, now time.Time) *TokenError {
	e := readTokenError(resp, body, "", now)
	e.Description, e.Code = m.redact(e.Description), m.redact(e.Code)
	if answer, ok := wire.Members(body); ok && e.Code == "" {
		e.Description = text.OneLine(m.redact(wire.JSONText(answer["message"])), 300)
	}
	switch resp.StatusCode {
	case http.StatusGone:
		e.updating, e.Remedy = true, "Azure's metadata service is being updated: run again in a minute"
		e.retryAfter = max(e.retryAfter, metadataUpdate)
	case http.StatusNotFound:
		e.updating = true
		e.Remedy = "the metadata service is not there yet or not at all: " +
			"run again later, or choose another way to sign in"
	default:
		if !e.passing() {
			e.Remedy = "turn on the machine's identity in Azure, or name the client id of an identity that is assigned to it"
		}
	}
	return e
}

// identityToken reads {"access_token","expires_in","expires_on","token_type"}. Numbers come as text
// or as numbers; App Service gives expires_on (seconds since 1970) alone.
func identityToken(body []byte, now time.Time) (*oauth2.Token, error) {
	answer, ok := wire.Members(body)
	if !ok {
		return nil, noToken("it is not JSON")
	}
	token := &oauth2.Token{AccessToken: wire.JSONText(answer["access_token"]), TokenType: "Bearer"}
	if token.AccessToken == "" {
		return nil, noToken("access_token is missing")
	}
	on, onErr := seconds(answer["expires_on"])
	in, inErr := seconds(answer["expires_in"])
	switch {
	case onErr == nil:
		token.Expiry = time.Unix(on, 0)
	case inErr == nil:
		token.Expiry = now.Add(time.Duration(in) * time.Second)
	default:
		return nil, noToken("neither expires_on nor expires_in is a number")
	}
	return token, nil
}

func seconds(raw json.RawMessage) (int64, error) {
	n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	if err != nil || n < 0 || n > 1<<40 {
		return 0, fmt.Errorf("%q is not a number of seconds", text.OneLine(string(raw), 40))
	}
	return n, nil
}
