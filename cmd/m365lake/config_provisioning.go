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
}

// writerCredentials are what provisioning signs in with: those of its own when there are any, so
// that the nightly read needs no permission to write.
func (t tenantConfig) writerCredentials() (graph.Credentials, error) {
	if t.Writer.ClientID == "" {
		return t.credentials()
	}
	writer := t
	writer.ClientID, writer.Secret = t.Writer.ClientID, t.Writer.Secret
	return writer.credentials()
}

func (p *configParser) provisioning(n *yaml.Node, c *provisioningConfig) {
	p.mapping(n, "provisioning", map[string]func(*yaml.Node){
		"enabled": func(n *yaml.Node) { c.Enabled = p.flag(n) },
	})
}

// writer reads a tenant's application for writing: both keys, or the key provisioning not at all.
func (p *configParser) writer(n *yaml.Node) writerConfig {
	var w writerConfig
	p.mapping(n, "provisioning", map[string]func(*yaml.Node){
		"client_id":     func(n *yaml.Node) { w.ClientID = p.guid(n, "client_id") },
		"client_secret": func(n *yaml.Node) { w.Secret = p.secret(n) },
	})
	for _, required := range []string{"client_id", "client_secret"} {
		if n.Kind == yaml.MappingNode && !hasKey(n, required) {
			p.fault(n, "provisioning has no %s; it needs both, or leave provisioning out to sign in as for reading", required)
		}
	}
	return w
}
