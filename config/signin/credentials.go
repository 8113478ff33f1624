// Package signin makes credentials for Microsoft's sign-in of what the configuration says: it reads secrets and
// certificates from where they are, finds what signs assertions for the program, and keeps the refresh token of
// a person who signed in with m365lake connect.
//
// The documentation of package graph/auth lists what to change to add a way to sign in.
package signin

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"m365lake/config"
	"m365lake/graph/auth"
)

// Credentials returns what a tenant is read with. The error names the variable or file that lacks, and the
// remedy.
func Credentials(t config.Tenant) (auth.Credentials, error) {
	c := auth.Credentials{TenantID: t.TenantID, ClientID: t.ClientID}
	var err error
	switch a := t.Auth; {
	case a.Certificate != nil:
		c.Certificate, err = readCertificate(*a.Certificate)
	case a.Federation != nil:
		c.Federation, err = federation(*a.Federation)
	case a.ManagedIdentity != "":
		if a.ManagedIdentity == config.SystemAssigned {
			c.ClientID = ""
		}
		c.ManagedIdentity, err = machineIdentity(t.Endpoints.Metadata)
	case a.Delegated != nil:
		var store Store
		store, err = StoreOf(t)
		c.RefreshTokens = store
	default:
		c.ClientSecret, err = t.Secret.Read("client secret")
	}
	return c, err
}

// WriterCredentials returns what provisioning signs in with: those of its own when there are any, so that the
// nightly read needs no permission to write; else those of Credentials.
func WriterCredentials(t config.Tenant) (auth.Credentials, error) {
	if t.Writer != (config.Writer{}) {
		t.ClientID, t.Secret, t.Auth = t.Writer.ClientID, t.Writer.Secret, t.Writer.Auth
	}
	return Credentials(t)
}

func readCertificate(c config.Certificate) (*auth.Certificate, error) {
	content, err := os.ReadFile(c.File)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	if c.Key != "" {
		key, err := os.ReadFile(c.Key)
		if err != nil {
			return nil, fmt.Errorf("certificate key: %w", err)
		}
		content = append(append(content, '\n'), key...)
	}
	password := ""
	if c.Password.IsSet() {
		if password, err = c.Password.Read("password of the certificate"); err != nil {
			return nil, err
		}
	}
	certificate, err := auth.ParseCertificate(content, password)
	if err != nil {
		return nil, fmt.Errorf("certificate %s: %w", c.File, err)
	}
	return certificate, nil
}

// federation reads what Kubernetes and GitHub put into the environment.
// Sources: https://azure.github.io/azure-workload-identity/docs/quick-start.html,
// https://docs.github.com/actions/reference/openid-connect-reference
func federation(f config.Federation) (auth.Federation, error) {
	switch f.Source {
	case config.FromKubernetes:
		file := os.Getenv("AZURE_FEDERATED_TOKEN_FILE")
		if file == "" {
			return nil, errors.New("environment variable AZURE_FEDERATED_TOKEN_FILE is empty; " +
				"label the pod azure.workload.identity/use, or name the file with federation: {token_file: PATH}")
		}
		return auth.FederatedTokenFile(file), nil
	case config.FromGitHub:
		url, bearer := os.Getenv("ACTIONS_ID_TOKEN_REQUEST_URL"), os.Getenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
		if url == "" || bearer == "" {
			return nil, errors.New("environment variable ACTIONS_ID_TOKEN_REQUEST_URL or " +
				"ACTIONS_ID_TOKEN_REQUEST_TOKEN is empty; give the job the permission id-token: write")
		}
		return auth.GitHubActions(url, bearer), nil
	}
	return auth.FederatedTokenFile(f.TokenFile), nil
}

// machineIdentity asks App Service where the environment names it, else the metadata service, whose address is
// metadata or Azure's own.
func machineIdentity(metadata string) (*auth.ManagedIdentity, error) {
	endpoint, header := os.Getenv("IDENTITY_ENDPOINT"), os.Getenv("IDENTITY_HEADER")
	switch {
	case endpoint == "":
		return auth.InstanceMetadata(strings.TrimSuffix(metadata, "/")), nil
	case header == "":
		return nil, errors.New("environment variable IDENTITY_ENDPOINT is set and IDENTITY_HEADER is not; " +
			"machines of Azure Arc cannot sign in by managed identity here: use a certificate")
	}
	return auth.AppService(endpoint, header), nil
}
