package signin

import (
	"strings"
	"testing"

	"m365lake/config"
)

func TestDelegatedTenant(t *testing.T) {
	person, secret := config.Auth{Delegated: &config.Delegated{}}, config.Auth{}
	tenant := func(name string, auth config.Auth) config.Tenant {
		return config.Tenant{Name: name, Auth: auth, Line: 3}
	}
	one := []config.Tenant{tenant("contoso", secret), tenant("fabrikam", person)}
	two := append(one, tenant("litware", person))
	for _, c := range []struct {
		tenants    []config.Tenant
		name, want string // of the tenant, or what the error says
	}{
		{one, "", "fabrikam"},
		{two, "litware", "litware"},
		{two, "", "which tenant? Name one with --tenant: fabrikam, litware"},
		{one, "contoso", "p.yaml:3: tenant contoso signs in without a person"},
		{one, "fabrikan", `p.yaml: no tenant is called "fabrikan"; did you mean "fabrikam"?`},
		{one[:1], "", "p.yaml: no tenant has auth: {delegated: {}}"},
	} {
		found, err := DelegatedTenant(config.Config{File: "p.yaml", Tenants: c.tenants}, c.name)
		if err == nil && found.Name != c.want || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %q, %v; want %s", c.name, found.Name, err, c.want)
		}
	}
}
