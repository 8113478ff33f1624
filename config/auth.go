package config

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// Auth is how a tenant is signed in to other than with a client secret: exactly one is set, or none.
type Auth struct {
	Certificate     *Certificate
	Federation      *Federation
	ManagedIdentity string // SystemAssigned or UserAssigned
	Delegated       *Delegated
}

// A Certificate names a PFX file, or PEM files of which one may hold both.
type Certificate struct {
	File, Key string
	Password  Secret // of a PFX file; unset is none
}

// Federation says who signs the assertion: Kubernetes, GitHub, or another signer that writes a file.
type Federation struct {
	Source    string // FromKubernetes or FromGitHub; "" with TokenFile
	TokenFile string
}

// Delegated is for a person's sign-in with m365lake connect.
type Delegated struct {
	TokenFolder string // of refresh tokens; "" is the user's configuration folder
	TokenKey    Secret // that encrypts them; unset leaves it to the keyring
}

// Words of Auth.ManagedIdentity and Federation.Source.
const (
	SystemAssigned = "system"
	UserAssigned   = "user"
	FromKubernetes = "kubernetes"
	FromGitHub     = "github"
)

// keys are one way each.
func (a *Auth) keys() mapping {
	m := mapping{
		exactly: 1, unset: func() bool { return *a == Auth{} },
		keys: []key{
			{"certificate", pointer[Certificate]{&a.Certificate, (*Certificate).keys}},
			{"federation", federation{&a.Federation}},
			{"managed_identity", choice{&a.ManagedIdentity, []string{SystemAssigned, UserAssigned}}},
			{"delegated", pointer[Delegated]{&a.Delegated, (*Delegated).keys}},
		},
	}
	ways := strings.Join(m.keyNames(), ", ")
	m.check = func(r *reader, m found) {
		if len(m.node.Content) != 2 && m.clean {
			r.fault(m.node, "auth must have exactly one of %s", ways)
		}
	}
	return m
}

func (c *Certificate) keys() mapping {
	return mapping{
		required: []string{"file"},
		keys: []key{
			{"file", path{&c.File}},
			{"key", path{&c.Key}},
			{"password", secret{field: &c.Password}},
		},
		check: func(r *reader, m found) {
			if !m.has("file") {
				r.fault(m.node, "certificate has no file; name its PEM or PFX file")
			}
		},
	}
}

func (d *Delegated) keys() mapping {
	return mapping{keys: []key{
		{"token_folder", path{&d.TokenFolder}},
		{"token_key", secret{field: &d.TokenKey}},
	}}
}

// federation is a word, or a mapping with the file that another signer writes.
type federation struct{ field **Federation }

func (f *Federation) word() choice { return choice{&f.Source, []string{FromKubernetes, FromGitHub}} }

func (f *Federation) keys() mapping {
	return mapping{
		keys: []key{{"token_file", path{&f.TokenFile}}},
		check: func(r *reader, m found) {
			if !m.has("token_file") {
				r.fault(m.node, "federation must be %s, %s or {token_file: PATH}", FromKubernetes, FromGitHub)
			}
		},
	}
}

func (v federation) read(r *reader, name string, n *yaml.Node) {
	f := &Federation{}
	*v.field = f
	if n.Kind == yaml.ScalarNode {
		f.word().read(r, name, n)
		return
	}
	f.keys().read(r, name, n)
}

func (v federation) show() *yaml.Node {
	switch f := *v.field; {
	case f == nil:
		return nil
	case f.Source != "":
		return f.word().show()
	default:
		return f.keys().show()
	}
}

func (federation) describe() *Schema {
	f := &Federation{}
	return &Schema{AnyOf: []*Schema{f.word().describe(), f.keys().describe()}}
}
