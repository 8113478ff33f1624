package main

import (
	"go.yaml.in/yaml/v3"

	"m365lake/graph"
)

// provisioningConfig is the key provisioning of the file.
type provisioningConfig struct {
	Enabled bool // in sync; the commands of provision work without it
}

// writerConfig is the application that changes a tenant; empty where the one that reads does.
type writerConfig struct {
	ClientID string
	Secret   secretConfig
	Auth     authConfig
}

// writerCredentials are what provisioning signs in with: those of its own when there are any, so
// that the nightly read needs no permission to write.
func (t tenantConfig) writerCredentials() (graph.Credentials, error) {
	if t.Writer == (writerConfig{}) {
		return t.credentials()
	}
	writer := t
	writer.ClientID, writer.Secret, writer.Auth = t.Writer.ClientID, t.Writer.Secret, t.Writer.Auth
	return writer.credentials()
}

func (p *configParser) provisioning(n *yaml.Node, c *provisioningConfig) {
	p.mapping(n, "provisioning", map[string]func(*yaml.Node){
		"enabled": func(n *yaml.Node) { c.Enabled = p.flag(n) },
	})
}

// writer reads a tenant's application for writing, complete, or the key provisioning is not there at all.
func (p *configParser) writer(n *yaml.Node) writerConfig {
	var w writerConfig
	p.mapping(n, "provisioning", map[string]func(*yaml.Node){
		"client_id":     func(n *yaml.Node) { w.ClientID = p.guid(n, "client_id") },
		"client_secret": func(n *yaml.Node) { w.Secret = p.secret(n, "client_secret") },
		"auth":          func(n *yaml.Node) { w.Auth = p.auth(n) },
	})
	if n.Kind != yaml.MappingNode {
		return w
	}
	if !hasKey(n, "client_id") && w.Auth.ManagedIdentity != systemAssigned {
		p.fault(n, "provisioning has no client_id; name the application, or leave provisioning out to sign in as for reading")
	}
	switch bySecret, byAuth := hasKey(n, "client_secret"), hasKey(n, "auth"); {
	case bySecret && byAuth:
		p.fault(n, "provisioning has both client_secret and auth; keep one")
	case !bySecret && !byAuth:
		p.fault(n, "provisioning has neither client_secret nor auth; it needs one, or leave provisioning out to sign in as for reading")
	}
	return w
}
