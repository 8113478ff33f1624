package config

import (
	"fmt"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Secret says where a secret is: in an environment variable or in a file. The secret itself never stands in
// pipelines.yaml. The zero Secret is unset.
//
// A relative file of a sign-in (client_secret, password, token_key) begins at the working directory; the files
// of notify and privacy begin at the configuration's folder.
type Secret struct {
	Env, File string
}

// IsSet says whether the file names a place.
func (s Secret) IsSet() bool { return s != Secret{} }

// Read returns the secret without white space around it. Errors call it what; they say so if the variable
// or the file is empty, and never contain the secret.
func (s Secret) Read(what string) (string, error) {
	if s.Env != "" {
		secret := os.Getenv(s.Env)
		if secret == "" {
			return "", fmt.Errorf("environment variable %s is empty; set it to the value of the %s", s.Env, what)
		}
		return secret, nil
	}
	content, err := os.ReadFile(s.File)
	if err != nil {
		return "", fmt.Errorf("%s: %w", what, err)
	}
	secret := strings.TrimSpace(string(content))
	if secret == "" {
		return "", fmt.Errorf("%s file %s is empty", what, s.File)
	}
	return secret, nil
}

// Place names where the secret is kept: "env NAME" or "file PATH". It tells people which of several is meant.
func (s Secret) Place() string {
	if s.Env != "" {
		return "env " + s.Env
	}
	return "file " + s.File
}

// secret is the value {env: NAME} or {file: PATH}.
type secret struct {
	field  *Secret
	what   string // in errors; "" is the key
	beside bool   // a relative file begins at the configuration's folder
}

func (v secret) keys() mapping {
	file := value(words{&v.field.File})
	if v.beside {
		file = path{&v.field.File}
	}
	return mapping{
		what: v.what, keys: []key{{"env", words{&v.field.Env}}, {"file", file}},
		unset: func() bool { return !v.field.IsSet() },
		check: func(r *reader, m found) {
			switch {
			case v.field.Env != "" && v.field.File != "":
				r.fault(m.node, "%s has both env and file; keep one", v.what)
			case !v.field.IsSet() && m.clean:
				r.fault(m.node, "%s is empty: write {env: NAME} or {file: PATH}", v.what)
			}
		},
	}
}

func (v secret) read(r *reader, name string, n *yaml.Node) {
	if v.what == "" {
		v.what = name
	}
	if n.Kind == yaml.ScalarNode {
		r.fault(n, "%s must not stand in the file: write {env: NAME} or {file: PATH}", v.what)
		return
	}
	v.keys().read(r, name, n)
}

func (v secret) show() *yaml.Node  { return v.keys().show() }
func (v secret) describe() *Schema { return v.keys().describe() }
