package signin

import (
	"errors"
	"fmt"
	"strings"

	"m365lake/config"
	"m365lake/internal/text"
)

// DelegatedTenant returns the tenant of a configuration that a person signs in to: the one called name, or the
// only one there is if name is "". The error says why there is none, or which there are.
func DelegatedTenant(c config.Config, name string) (config.Tenant, error) {
	var delegated, all []string
	var found config.Tenant
	for _, t := range c.Tenants {
		all = append(all, t.Name)
		if t.Auth.Delegated != nil {
			delegated = append(delegated, t.Name)
			if name == "" || t.Name == name {
				found = t
			}
		} else if t.Name == name {
			return found, fmt.Errorf("%s:%d: tenant %s signs in without a person; "+
				"write auth: {delegated: {}} to sign in yourself", c.File, t.Line, name)
		}
	}
	switch {
	case name != "" && found.Name == "":
		return found, fmt.Errorf("%s: no tenant is called %q%s", c.File, name, text.Suggest(name, all))
	case len(delegated) == 0:
		return found, fmt.Errorf("%s: no tenant has auth: {delegated: {}}: there is nobody to sign in", c.File)
	case name == "" && len(delegated) > 1:
		return found, errors.New("which tenant? Name one with --tenant: " + strings.Join(delegated, ", "))
	}
	return found, nil
}
