package config

import (
	"regexp"

	"go.yaml.in/yaml/v3"

	"m365lake/graph/cloud"
)

// A Tenant is one tenant and how to sign in to it.
type Tenant struct {
	Name     string
	TenantID string // a GUID in lower case, as all ids are
	ClientID string // "" where the machine's own identity signs in
	Secret   Secret // unset where Auth is
	Auth     Auth
	Cloud    cloud.Cloud // what CloudName or Endpoints come to

	CloudName string    // "" where there are Endpoints
	Endpoints Endpoints // in place of CloudName
	Rosters   Rosters
	Writer    Writer
	Line      int // of the file, for errors
}

// Endpoints are the addresses of a cloud that the program does not know by name.
type Endpoints struct {
	Authority, Graph string
	Metadata         string // where the managed identity is asked for; "" is Azure's own address
}

// Rosters are the CSV files of what Graph does not know; empty where there is none.
type Rosters struct {
	SSO, HRIS, Prices string
}

// A Writer is the application that changes a tenant. The zero Writer leaves that to the application that reads.
type Writer struct {
	ClientID string
	Secret   Secret
	Auth     Auth
}

var tenantName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)

// IsTenantName says whether a tenant may be called so: lower-case letters, digits, - and _, at most 63.
func IsTenantName(name string) bool { return tenantName.MatchString(name) }

func (t *Tenant) keys() mapping {
	return mapping{
		what: "a tenant", required: []string{"name", "tenant_id"}, check: t.check,
		keys: []key{
			{"name", patterned{words{&t.Name}, tenantName}},
			{"tenant_id", guid{&t.TenantID}},
			{"client_id", guid{&t.ClientID}},
			{"client_secret", secret{field: &t.Secret}},
			{"auth", t.Auth.keys()},
			{"cloud", cloudName{words{&t.CloudName}}},
			{"endpoints", mapping{
				unset: func() bool { return t.Endpoints == Endpoints{} },
				keys: []key{
					{"authority", words{&t.Endpoints.Authority}},
					{"graph", words{&t.Endpoints.Graph}},
					{"metadata", words{&t.Endpoints.Metadata}},
				},
			}},
			{"rosters", mapping{
				unset: func() bool { return t.Rosters == Rosters{} },
				keys: []key{
					{"sso", path{&t.Rosters.SSO}},
					{"hris", path{&t.Rosters.HRIS}},
					{"prices", path{&t.Rosters.Prices}},
				},
			}},
			{"provisioning", t.Writer.keys()},
		},
	}
}

// check judges what the keys of a tenant mean together.
func (t *Tenant) check(r *reader, m found) {
	t.resolveCloud(r, m)
	if !m.has("name") {
		r.fault(m.node, "the tenant has no name; call it as you like")
	}
	if !m.has("tenant_id") {
		r.fault(m.node, "the tenant has no tenant_id; copy it from the app registration's overview page")
	}
	if !m.has("client_id") && t.Auth.ManagedIdentity != SystemAssigned {
		r.fault(m.node, "the tenant has no client_id; copy it from the app registration's overview page")
	}
	switch bySecret, byAuth := m.has("client_secret"), m.has("auth"); {
	case bySecret && byAuth:
		r.fault(m.node, "the tenant has both client_secret and auth; keep one")
	case !bySecret && !byAuth:
		r.fault(m.node, "the tenant has no client_secret, and no auth in its place; "+
			"write client_secret: {env: M365_CLIENT_SECRET}, or see docs/sign-in.md")
	}
	if t.Name != "" && !IsTenantName(t.Name) {
		r.fault(m.node, "tenant name %q must be lower-case letters, digits, - and _", t.Name)
	}
}

// resolveCloud finds the cloud that is meant, and leaves of CloudName and Endpoints the one that decided.
func (t *Tenant) resolveCloud(r *reader, m found) {
	var err error
	if endpoints := m.at("endpoints"); endpoints != nil {
		if t.Cloud, err = cloud.Custom(t.Endpoints.Authority, t.Endpoints.Graph); err != nil {
			r.fault(endpoints, "%v", err)
		}
		t.CloudName, t.Endpoints.Authority, t.Endpoints.Graph = "", t.Cloud.Authority, t.Cloud.Root
		return
	}
	if t.Cloud, err = cloud.ByName(t.CloudName); err != nil {
		r.fault(m.at("cloud"), "%v", err)
	}
	t.CloudName = t.Cloud.Name
}

func (w *Writer) keys() mapping {
	return mapping{
		unset: func() bool { return *w == Writer{} },
		keys: []key{
			{"client_id", guid{&w.ClientID}},
			{"client_secret", secret{field: &w.Secret}},
			{"auth", w.Auth.keys()},
		},
		check: func(r *reader, m found) {
			if !m.has("client_id") && w.Auth.ManagedIdentity != SystemAssigned {
				r.fault(m.node, "provisioning has no client_id; name the application, "+
					"or leave provisioning out to sign in as for reading")
			}
			switch bySecret, byAuth := m.has("client_secret"), m.has("auth"); {
			case bySecret && byAuth:
				r.fault(m.node, "provisioning has both client_secret and auth; keep one")
			case !bySecret && !byAuth:
				r.fault(m.node, "provisioning has neither client_secret nor auth; "+
					"it needs one, or leave provisioning out to sign in as for reading")
			}
		},
	}
}

// cloudName is the name of a cloud; which are known is checked with the tenant, as endpoints go before.
type cloudName struct{ words }

func (cloudName) describe() *Schema { return &Schema{Type: "string", Enum: cloud.Names()} }

// patterned is a text whose pattern is checked with the mapping that it belongs to.
type patterned struct {
	words
	pattern *regexp.Regexp
}

func (v patterned) describe() *Schema { return &Schema{Type: "string", Pattern: v.pattern.String()} }

// tenantList is the list of tenants, whose names and ids must differ.
type tenantList struct{ field *[]Tenant }

func (v *tenantList) read(r *reader, name string, n *yaml.Node) {
	*v.field = nil
	names, ids := map[string]bool{}, map[string]bool{}
	r.items(n, name, func(item *yaml.Node) {
		t := Tenant{Line: item.Line}
		t.keys().read(r, name, item)
		if t.Name != "" && names[t.Name] {
			r.fault(item, "tenant name %q stands here a second time", t.Name)
		}
		if t.TenantID != "" && ids[t.TenantID] {
			r.fault(item, "tenant_id %s stands here a second time", t.TenantID)
		}
		names[t.Name], ids[t.TenantID] = true, true
		*v.field = append(*v.field, t)
	})
}

func (v *tenantList) show() *yaml.Node {
	if len(*v.field) == 0 {
		return nil
	}
	shown := &yaml.Node{Kind: yaml.SequenceNode}
	for i := range *v.field {
		shown.Content = append(shown.Content, (*v.field)[i].keys().show())
	}
	return shown
}

func (*tenantList) describe() *Schema { return describeList(new(Tenant).keys().describe()) }
