package main

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// notifyConfig is who is told how a run went. The URLs hold secrets, so the file says only where
// they are.
type notifyConfig struct {
	URLs        []secretConfig
	HealthCheck secretConfig
	// OnlyTrouble leaves out the messages of runs without gaps. The health check hears of every run.
	OnlyTrouble bool
	// NamedUsers is how many users a message names whose licences can be taken back.
	NamedUsers int
}

// metricsConfig says where the numbers of the last run are left for Prometheus; empty for nowhere.
type metricsConfig struct{ File string }

// Values of notify.when.
const (
	alwaysTold = "always"
	inTrouble  = "trouble"
)

func (p *configParser) notify(n *yaml.Node) notifyConfig {
	var c notifyConfig
	p.mapping(n, "notify", map[string]func(*yaml.Node){
		"urls": func(n *yaml.Node) {
			p.list(n, "urls", func(item *yaml.Node) { c.URLs = append(c.URLs, p.secret(item, "a notification URL")) })
		},
		"healthcheck": func(n *yaml.Node) { c.HealthCheck = p.secret(n, "healthcheck") },
		"when":        func(n *yaml.Node) { c.OnlyTrouble = p.oneOf(n, alwaysTold, inTrouble) == inTrouble },
		"named_users": func(n *yaml.Node) { c.NamedUsers = p.number(n, 0, 100) },
	})
	return c
}

func (p *configParser) metrics(n *yaml.Node) metricsConfig {
	var c metricsConfig
	p.mapping(n, "metrics", map[string]func(*yaml.Node){
		"file": func(n *yaml.Node) {
			// node_exporter reads no other files.
			if c.File = p.text(n); c.File != "" && !strings.HasSuffix(c.File, ".prom") {
				p.fault(n, "metrics file %q must end in .prom, or node_exporter does not read it", c.File)
			}
			p.describe(n, func(s *jsonSchema) { s.Pattern = `\.prom$` })
		},
	})
	p.describe(n, func(s *jsonSchema) { s.Required = []string{"file"} })
	if n.Kind == yaml.MappingNode && !hasKey(n, "file") {
		p.fault(n, "metrics has no file; name one that ends in .prom")
	}
	return c
}

// anyone says whether somebody is told anything.
func (c notifyConfig) anyone() bool { return len(c.URLs) > 0 || c.HealthCheck != secretConfig{} }
