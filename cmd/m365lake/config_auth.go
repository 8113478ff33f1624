package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"

	"m365lake/graph"
	"m365lake/internal/text"
)

// authConfig is how a tenant is signed in to other than with a client secret: exactly one is set.
type authConfig struct {
	Certificate     *certificateConfig
	Federation      *federationConfig
	ManagedIdentity string // systemAssigned or userAssigned
	Delegated       *delegatedConfig
}

// certificateConfig names a PFX file, or PEM files of which one may hold both.
type certificateConfig struct {
	File, Key string
	Password  secretConfig // of a PFX file; unset is none
}

// federationConfig says who signs the assertion: Kubernetes or GitHub, or whoever writes a file.
type federationConfig struct {
	Source    string // fromKubernetes or fromGitHub; "" with TokenFile
	TokenFile string
}

// delegatedConfig is for a person's sign-in with m365lake connect.
type delegatedConfig struct {
	TokenFolder string       // of refresh tokens; "" is the user's configuration folder
	TokenKey    secretConfig // that encrypts them; unset leaves it to the keyring
}

const (
	systemAssigned = "system"
	userAssigned   = "user"
	fromKubernetes = "kubernetes"
	fromGitHub     = "github"
)

// resolve makes the paths begin at the configuration's folder.
func (a *authConfig) resolve(file string) {
	if c := a.Certificate; c != nil {
		c.File, c.Key = besideConfig(file, c.File), besideConfig(file, c.Key)
	}
	if a.Federation != nil {
		a.Federation.TokenFile = besideConfig(file, a.Federation.TokenFile)
	}
	if a.Delegated != nil {
		a.Delegated.TokenFolder = besideConfig(file, a.Delegated.TokenFolder)
	}
}

// auth reads the one way under auth.
func (p *configParser) auth(n *yaml.Node) authConfig {
	var a authConfig
	before := len(p.faults)
	p.describe(n, func(s *jsonSchema) { s.MinProperties, s.MaxProperties = 1, 1 })
	p.mapping(n, "auth", map[string]func(*yaml.Node){
		"certificate":      func(n *yaml.Node) { a.Certificate = p.certificate(n) },
		"federation":       func(n *yaml.Node) { a.Federation = p.federation(n) },
		"managed_identity": func(n *yaml.Node) { a.ManagedIdentity = p.oneOf(n, systemAssigned, userAssigned) },
		"delegated":        func(n *yaml.Node) { a.Delegated = p.delegated(n) },
	})
	if n.Kind == yaml.MappingNode && len(n.Content) != 2 && len(p.faults) == before {
		p.fault(n, "auth must have exactly one of certificate, delegated, federation, managed_identity")
	}
	return a
}

func (p *configParser) certificate(n *yaml.Node) *certificateConfig {
	c := &certificateConfig{}
	p.mapping(n, "certificate", map[string]func(*yaml.Node){
		"file":     func(n *yaml.Node) { c.File = p.text(n) },
		"key":      func(n *yaml.Node) { c.Key = p.text(n) },
		"password": func(n *yaml.Node) { c.Password = p.secret(n, "password") },
	})
	p.describe(n, func(s *jsonSchema) { s.Required = []string{"file"} })
	if n.Kind == yaml.MappingNode && !hasKey(n, "file") {
		p.fault(n, "certificate has no file; name its PEM or PFX file")
	}
	return c
}

func (p *configParser) federation(n *yaml.Node) *federationConfig {
	if n.Kind == yaml.ScalarNode {
		return &federationConfig{Source: p.oneOf(n, fromKubernetes, fromGitHub)}
	}
	f := &federationConfig{}
	p.describe(n, func(s *jsonSchema) {
		s.AnyOf = []*jsonSchema{{Type: "string", Enum: []string{fromKubernetes, fromGitHub}}}
	})
	p.mapping(n, "federation", map[string]func(*yaml.Node){
		"token_file": func(n *yaml.Node) { f.TokenFile = p.text(n) },
	})
	if n.Kind == yaml.MappingNode && !hasKey(n, "token_file") {
		p.fault(n, "federation must be %s, %s or {token_file: PATH}", fromKubernetes, fromGitHub)
	}
	return f
}

func (p *configParser) delegated(n *yaml.Node) *delegatedConfig {
	d := &delegatedConfig{}
	p.mapping(n, "delegated", map[string]func(*yaml.Node){
		"token_folder": func(n *yaml.Node) { d.TokenFolder = p.text(n) },
		"token_key":    func(n *yaml.Node) { d.TokenKey = p.secret(n, "token_key") },
	})
	return d
}

// oneOf reads a word that must be one of those known.
func (p *configParser) oneOf(n *yaml.Node, known ...string) string {
	word := p.text(n)
	p.describe(n, func(s *jsonSchema) { s.Enum = known })
	for _, k := range known {
		if word == k {
			return word
		}
	}
	if word != "" {
		p.fault(n, "%s: unknown word %q%s", p.keys[n], word, text.Suggest(word, known))
	}
	return ""
}

// credentials are what a tenant signs in with.
func (t tenantConfig) credentials() (graph.Credentials, error) {
	c := graph.Credentials{TenantID: t.TenantID, ClientID: t.ClientID}
	var err error
	switch a := t.Auth; {
	case a.Certificate != nil:
		c.Certificate, err = a.Certificate.read()
	case a.Federation != nil:
		c.Federation, err = a.Federation.source()
	case a.ManagedIdentity != "":
		if a.ManagedIdentity == systemAssigned {
			c.ClientID = ""
		}
		c.ManagedIdentity, err = machineIdentity(t.Metadata)
	case a.Delegated != nil:
		var store tokenStore
		store, err = t.tokenStore()
		c.RefreshTokens = store
	default:
		c.ClientSecret, err = t.Secret.read("client secret")
	}
	return c, err
}

func (c certificateConfig) read() (*graph.Certificate, error) {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	if c.Key != "" {
		key, err := os.ReadFile(c.Key)
		if err != nil {
			return nil, fmt.Errorf("certificate key: %w", err)
		}
		text = append(append(text, '\n'), key...)
	}
	password := ""
	if c.Password != (secretConfig{}) {
		if password, err = c.Password.read("password of the certificate"); err != nil {
			return nil, err
		}
	}
	certificate, err := graph.ParseCertificate(text, password)
	if err != nil {
		return nil, fmt.Errorf("certificate %s: %w", c.File, err)
	}
	return certificate, nil
}

// source reads what Kubernetes and GitHub put into the environment.
// Sources: https://azure.github.io/azure-workload-identity/docs/quick-start.html,
// https://docs.github.com/actions/reference/openid-connect-reference
func (f federationConfig) source() (graph.Federation, error) {
	switch f.Source {
	case fromKubernetes:
		file := os.Getenv("AZURE_FEDERATED_TOKEN_FILE")
		if file == "" {
			return nil, errors.New("environment variable AZURE_FEDERATED_TOKEN_FILE is empty; label the pod azure.workload.identity/use, or name the file with federation: {token_file: PATH}")
		}
		return graph.FederatedTokenFile(file), nil
	case fromGitHub:
		url, bearer := os.Getenv("ACTIONS_ID_TOKEN_REQUEST_URL"), os.Getenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
		if url == "" || bearer == "" {
			return nil, errors.New("environment variable ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN is empty; give the job the permission id-token: write")
		}
		return graph.GitHubActions(url, bearer), nil
	}
	return graph.FederatedTokenFile(f.TokenFile), nil
}

// machineIdentity asks App Service where the environment names it, else the metadata service.
func machineIdentity(metadata string) (*graph.ManagedIdentity, error) {
	endpoint, header := os.Getenv("IDENTITY_ENDPOINT"), os.Getenv("IDENTITY_HEADER")
	switch {
	case endpoint == "":
		return graph.InstanceMetadata(strings.TrimSuffix(metadata, "/")), nil
	case header == "":
		return nil, errors.New("environment variable IDENTITY_ENDPOINT is set and IDENTITY_HEADER is not; machines of Azure Arc cannot sign in by managed identity here: use a certificate")
	}
	return graph.AppService(endpoint, header), nil
}
