package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"m365lake/graph"
	"m365lake/internal/text"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// A configParser walks the YAML tree itself, because a person who mistyped a key must be told the
// line and the key that was meant, and must be told all faults at once.
type configParser struct {
	file   string
	sync   bool // the tenants will be asked
	faults []configFault

	keys      map[*yaml.Node]string      // the key each value stands at
	described map[*yaml.Node]*jsonSchema // not nil: the file is described instead of read
}

type configFault struct {
	line int
	err  error
}

func parseConfig(file string, text []byte, sync bool) (config, error) {
	p := &configParser{file: file, sync: sync, keys: map[*yaml.Node]string{}}
	c := defaultConfig()
	c.File = file
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return c, notYAML(file, err)
	}
	if len(document.Content) == 0 {
		return c, fmt.Errorf("%s: the file is empty; it needs at least tenants", file)
	}
	root := document.Content[0]
	p.config(root, &c)
	if len(p.faults) == 0 && len(c.Tenants) == 0 {
		p.fault(root, "tenants is missing; name at least one tenant")
	}
	slices.SortStableFunc(p.faults, func(a, b configFault) int { return a.line - b.line })
	var errs []error
	for _, f := range p.faults {
		errs = append(errs, f.err)
	}
	return c, errors.Join(errs...)
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// notYAML puts the line where all other faults have it.
func notYAML(file string, err error) error {
	where, what := file, err.Error()
	if m := yamlLine.FindStringSubmatch(what); m != nil {
		if what = what[len(m[0]):]; m[1] != "" {
			where += ":" + m[1]
		}
	}
	return fmt.Errorf("%s: not YAML: %s; check quotes, colons and indentation there", where, what)
}

// config reads the whole file.
func (p *configParser) config(root *yaml.Node, c *config) {
	p.mapping(root, "", map[string]func(*yaml.Node){
		"data":    func(n *yaml.Node) { c.Data = p.text(n) },
		"tenants": func(n *yaml.Node) { c.Tenants = p.tenants(n) },
		"reports": func(n *yaml.Node) { c.Reports, c.Counts = p.reports(n) },
		"periods": func(n *yaml.Node) { c.Periods = p.periods(n) },
		"limits":  func(n *yaml.Node) { p.limits(n, &c.Limits) },
		"duckdb":  func(n *yaml.Node) { p.duckdb(n, &c.DuckDB) },
		"trust": func(n *yaml.Node) {
			p.mapping(n, "trust", map[string]func(*yaml.Node){
				"max_shrink_percent": func(n *yaml.Node) { c.MaxShrinkPercent = p.number(n, 0, 100) },
			})
		},
		"provisioning":     func(n *yaml.Node) { p.provisioning(n, &c.Provisioning) },
		"retention":        func(n *yaml.Node) { p.retention(n, &c.Retention) },
		"privacy":          func(n *yaml.Node) { p.privacy(n, &c.Privacy) },
		"sign_in_activity": func(n *yaml.Node) { c.SignInActivity = p.flag(n) },
		"notify":           func(n *yaml.Node) { c.Notify = p.notify(n) },
		"metrics":          func(n *yaml.Node) { c.Metrics = p.metrics(n) },
		"product_names":    func(n *yaml.Node) { c.ProductNames = p.text(n) },
	})
}

func (p *configParser) fault(n *yaml.Node, format string, args ...any) {
	p.faults = append(p.faults, configFault{n.Line, fmt.Errorf("%s:%d: %s", p.file, n.Line, fmt.Sprintf(format, args...))})
}

// mapping hands each value to the function of its key.
func (p *configParser) mapping(n *yaml.Node, what string, keys map[string]func(*yaml.Node)) {
	if p.describe(n, func(s *jsonSchema) { p.describeKeys(s, keys) }) {
		return
	}
	if n.Kind != yaml.MappingNode {
		p.fault(n, "%s must be a mapping with keys such as %s", orFile(what), strings.Join(sortedKeys(keys), ", "))
		return
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, known := keys[key.Value]
		switch {
		case !known:
			p.fault(key, "unknown key %q%s", key.Value, text.Suggest(key.Value, sortedKeys(keys)))
		case seen[key.Value]:
			p.fault(key, "key %q stands here a second time", key.Value)
		default:
			seen[key.Value] = true
			p.keys[value] = key.Value
			read(value)
		}
	}
}

func orFile(what string) string {
	if what == "" {
		return "the file"
	}
	return what
}

func sortedKeys(keys map[string]func(*yaml.Node)) []string {
	names := make([]string, 0, len(keys))
	for name := range keys {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (p *configParser) list(n *yaml.Node, what string, each func(*yaml.Node)) {
	if p.describe(n, func(s *jsonSchema) { p.describeItems(s, each) }) {
		return
	}
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		p.fault(n, "%s must be a list with at least one entry", what)
		return
	}
	for _, item := range n.Content {
		p.keys[item] = p.keys[n]
		each(item)
	}
}

func (p *configParser) text(n *yaml.Node) string {
	if p.describe(n, func(s *jsonSchema) { s.Type = "string" }) {
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
		p.fault(n, "%s has no value; write one, or leave the key out", p.keys[n])
		return ""
	}
	return n.Value
}

func (p *configParser) number(n *yaml.Node, lowest, highest int) int {
	if p.describe(n, func(s *jsonSchema) { s.Type, s.Minimum, s.Maximum = "integer", &lowest, &highest }) {
		return lowest
	}
	number, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || number < lowest || number > highest {
		p.fault(n, "%s: %q must be a whole number from %d to %d", p.keys[n], n.Value, lowest, highest)
	}
	return number
}

func (p *configParser) flag(n *yaml.Node) bool {
	if p.describe(n, func(s *jsonSchema) { s.Type = "boolean" }) {
		return false
	}
	if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
		p.fault(n, "%s: %q must be true or false", p.keys[n], n.Value)
	}
	return n.Value == "true"
}

func (p *configParser) duration(n *yaml.Node) time.Duration {
	if p.describe(n, func(s *jsonSchema) { s.Type, s.Pattern = "string", durationPattern }) {
		return 0
	}
	d, err := time.ParseDuration(n.Value)
	if err != nil || d <= 0 {
		p.fault(n, "%s: %q must be a duration such as 90s or 10m", p.keys[n], n.Value)
	}
	return d
}

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func (p *configParser) guid(n *yaml.Node, what string) string {
	id := strings.ToLower(p.text(n))
	p.describe(n, func(s *jsonSchema) { s.Pattern = guid.String() })
	switch {
	case id == "":
	case !guid.MatchString(id):
		p.fault(n, "%s %q is not a GUID; copy it from the app registration's overview page", what, n.Value)
	case p.sync && strings.Trim(id, "0-") == "":
		p.fault(n, "%s is still the placeholder; copy yours from the app registration's overview page", what)
	}
	return id
}

var tenantName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)

func (p *configParser) tenants(n *yaml.Node) []tenantConfig {
	var tenants []tenantConfig
	names, ids := map[string]bool{}, map[string]bool{}
	p.list(n, "tenants", func(item *yaml.Node) {
		t := tenantConfig{Line: item.Line}
		cloud, endpoints := item, (*yaml.Node)(nil)
		cloudName, authority, root := "", "", ""
		p.mapping(item, "a tenant", map[string]func(*yaml.Node){
			"name": func(n *yaml.Node) {
				t.Name = p.text(n)
				p.describe(n, func(s *jsonSchema) { s.Pattern = tenantName.String() })
			},
			"tenant_id":     func(n *yaml.Node) { t.TenantID = p.guid(n, "tenant_id") },
			"client_id":     func(n *yaml.Node) { t.ClientID = p.guid(n, "client_id") },
			"client_secret": func(n *yaml.Node) { t.Secret = p.secret(n, "client_secret") },
			"auth":          func(n *yaml.Node) { t.Auth = p.auth(n) },
			"cloud": func(n *yaml.Node) {
				cloud, cloudName = n, p.text(n)
				p.describe(n, func(s *jsonSchema) { s.Enum = graph.CloudNames() })
			},
			"rosters":      func(n *yaml.Node) { t.Rosters = p.rosters(n) },
			"provisioning": func(n *yaml.Node) { t.Writer = p.writer(n) },
			"endpoints": func(n *yaml.Node) {
				endpoints = n
				p.mapping(n, "endpoints", map[string]func(*yaml.Node){
					"authority": func(n *yaml.Node) { authority = p.text(n) },
					"graph":     func(n *yaml.Node) { root = p.text(n) },
					"metadata":  func(n *yaml.Node) { t.Metadata = p.text(n) },
				})
			},
		})
		p.describe(item, func(s *jsonSchema) { s.Required = []string{"name", "tenant_id"} })
		var err error
		if endpoints != nil {
			if t.Cloud, err = graph.CustomCloud(authority, root); err != nil {
				p.fault(endpoints, "%v", err)
			}
		} else if t.Cloud, err = graph.CloudByName(cloudName); err != nil {
			p.fault(cloud, "%v", err)
		}
		for _, required := range []struct{ key, value string }{
			{"name", t.Name}, {"tenant_id", t.TenantID}, {"client_id", t.ClientID},
		} {
			if required.key == "client_id" && t.Auth.ManagedIdentity == systemAssigned {
				continue
			}
			if required.value == "" && item.Kind == yaml.MappingNode && !hasKey(item, required.key) {
				remedy := "; copy it from the app registration's overview page"
				if required.key == "name" {
					remedy = "; call it as you like"
				}
				p.fault(item, "the tenant has no %s%s", required.key, remedy)
			}
		}
		if item.Kind == yaml.MappingNode {
			switch bySecret, byAuth := hasKey(item, "client_secret"), hasKey(item, "auth"); {
			case bySecret && byAuth:
				p.fault(item, "the tenant has both client_secret and auth; keep one")
			case !bySecret && !byAuth:
				p.fault(item, "the tenant has no client_secret, and no auth in its place; write client_secret: {env: M365_CLIENT_SECRET}, or see docs/sign-in.md")
			}
		}
		if t.Name != "" && !tenantName.MatchString(t.Name) {
			p.fault(item, "tenant name %q must be lower-case letters, digits, - and _", t.Name)
		}
		if t.Name != "" && names[t.Name] {
			p.fault(item, "tenant name %q stands here a second time", t.Name)
		}
		if t.TenantID != "" && ids[t.TenantID] {
			p.fault(item, "tenant_id %s stands here a second time", t.TenantID)
		}
		names[t.Name], ids[t.TenantID] = true, true
		tenants = append(tenants, t)
	})
	return tenants
}

func hasKey(n *yaml.Node, key string) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return true
		}
	}
	return false
}

// secret reads where a secret is; what is its key.
func (p *configParser) secret(n *yaml.Node, what string) secretConfig {
	var s secretConfig
	if n.Kind == yaml.ScalarNode {
		p.fault(n, "%s must not stand in the file: write {env: NAME} or {file: PATH}", what)
		return s
	}
	before := len(p.faults)
	p.mapping(n, what, map[string]func(*yaml.Node){
		"env":  func(n *yaml.Node) { s.Env = p.text(n) },
		"file": func(n *yaml.Node) { s.File = p.text(n) },
	})
	switch {
	case s.Env != "" && s.File != "":
		p.fault(n, "%s has both env and file; keep one", what)
	case s == secretConfig{} && len(p.faults) == before:
		p.fault(n, "%s is empty: write {env: NAME} or {file: PATH}", what)
	}
	return s
}

func (p *configParser) rosters(n *yaml.Node) rostersConfig {
	var r rostersConfig
	p.mapping(n, "rosters", map[string]func(*yaml.Node){
		"sso":    func(n *yaml.Node) { r.SSO = p.text(n) },
		"hris":   func(n *yaml.Node) { r.HRIS = p.text(n) },
		"prices": func(n *yaml.Node) { r.Prices = p.text(n) },
	})
	return r
}

// reports reads one list of two kinds: those of users, sites and the like, and those of counts.
func (p *configParser) reports(n *yaml.Node) (usage []*reports.Report, counts []*reports.CountReport) {
	seen := map[string]bool{}
	p.list(n, "reports", func(item *yaml.Node) {
		name := p.text(item)
		p.describe(item, func(s *jsonSchema) { s.Enum = reportNames() })
		r, isReport := reports.ByName(name)
		c, isCount := reports.CountsByName(name)
		switch {
		case !isReport && !isCount:
			p.fault(item, "unknown report %q%s", item.Value, text.Suggest(item.Value, reportNames()))
		case seen[name]:
			p.fault(item, "report %q stands here a second time", item.Value)
		case isReport:
			usage = append(usage, r)
		default:
			counts = append(counts, c)
		}
		seen[name] = true
	})
	return usage, counts
}

func reportNames() []string {
	var names []string
	for _, r := range reports.All() {
		names = append(names, r.Name)
	}
	for _, c := range reports.Counts() {
		names = append(names, c.Name)
	}
	return names
}

func (p *configParser) periods(n *yaml.Node) []schemas.Period {
	var periods []schemas.Period
	p.list(n, "periods", func(item *yaml.Node) {
		period, err := schemas.ParsePeriod(p.text(item))
		p.describe(item, func(s *jsonSchema) {
			for _, known := range schemas.Periods {
				s.Enum = append(s.Enum, known.String())
			}
		})
		switch {
		case err != nil:
			p.fault(item, "%v", err)
		case slices.Contains(periods, period):
			p.fault(item, "period %s stands here a second time", period)
		default:
			periods = append(periods, period)
		}
	})
	return periods
}

func (p *configParser) limits(n *yaml.Node, l *limitsConfig) {
	p.mapping(n, "limits", map[string]func(*yaml.Node){
		"jobs":          func(n *yaml.Node) { l.Jobs = p.number(n, 1, 64) },
		"report_calls":  func(n *yaml.Node) { l.ReportCalls = p.number(n, 1, 1000) },
		"report_window": func(n *yaml.Node) { l.ReportWindow = p.duration(n) },
		"sign_in_calls": func(n *yaml.Node) { l.SignInPace.Calls = p.number(n, 1, 10_000) },
	})
}

var memorySize = regexp.MustCompile(`^[1-9][0-9]*(MB|GB|MiB|GiB)$`)

func (p *configParser) duckdb(n *yaml.Node, d *duckDBConfig) {
	p.mapping(n, "duckdb", map[string]func(*yaml.Node){
		"memory": func(n *yaml.Node) {
			if d.Memory = p.text(n); !memorySize.MatchString(d.Memory) {
				p.fault(n, "memory %q must be a size such as 192MB or 2GB", d.Memory)
			}
			p.describe(n, func(s *jsonSchema) { s.Pattern = memorySize.String() })
		},
		"threads": func(n *yaml.Node) { d.Threads = p.number(n, 1, 256) },
	})
}
