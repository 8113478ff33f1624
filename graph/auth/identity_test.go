package auth

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/internal/text"
)

func tokenOf(claims string) string {
	return "h." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".s"
}

func TestReadClaims(t *testing.T) {
	for claims, want := range map[string]Identity{
		`{"appid":"a","idtyp":"app","roles":["User.Read.All","Reports.Read.All","User.Read.All"]}`: {Application: "a",
			Permissions: []string{"Reports.Read.All", "User.Read.All"}},
		`{"azp":"b"}`: {Application: "b"}, // nobody consented to anything
		`{"appid":"a","scp":"User.Read Reports.Read.All","upn":"p@x.example","wids":["r"]}`: {Application: "a",
			Person: "p@x.example", Delegated: true, Permissions: []string{"Reports.Read.All", "User.Read"},
			Roles: []string{"r"}},
		`{"appid":"a","scp":"","preferred_username":"p@x.example","roles":["an.app.role"]}`: {Application: "a",
			Person: "p@x.example", Delegated: true, Permissions: []string{}},
		`{"appid":"a","idtyp":"user","preferred_username":"two\nlines","scp":"Bad\u0007.Read"}`: {Application: "a",
			Person: "two lines", Delegated: true, Permissions: []string{"Bad .Read"}},
		`{"appid":"a","idtyp":"app","unknown":{"deep":[1]},"exp":12,"roles":null,"aud":["one","two"]}`: {Application: "a"},
	} {
		got, err := ReadClaims(tokenOf(claims))
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("%s: %v %s", claims, err, cmp.Diff(want, got))
		}
	}
	for _, opaque := range []string{"", "opaque", "a.b", "h.%%%.s", tokenOf(`[]`), tokenOf(`{"roles":"secret-looking"}`),
		tokenOf(`{`)} {
		if _, err := ReadClaims(opaque); !errors.Is(err, errOpaque) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", opaque, err)
		}
	}
}

// Whatever a token holds, what is read of it is fit to be printed in one line.
func FuzzReadClaims(f *testing.F) {
	f.Add("h.e30.s")
	f.Add(tokenOf(`{"appid":"a","scp":"User.Read","wids":["x"],"upn":"p"}`))
	f.Add(tokenOf(`{"roles":["\u2028","` + strings.Repeat("x", 300) + `"]}`))
	f.Fuzz(func(t *testing.T, token string) {
		i, err := ReadClaims(token)
		if err != nil {
			return
		}
		for _, shown := range append([]string{i.Application, i.Person}, i.Permissions...) {
			if shown != text.OneLine(shown, 100) {
				t.Errorf("%q", shown)
			}
		}
	})
}

func TestMayReadReports(t *testing.T) {
	for _, test := range []struct {
		identity   Identity
		may, known bool
	}{
		{Identity{}, true, true},
		{Identity{Delegated: true}, false, false},
		{Identity{Delegated: true, Roles: []string{"b79fbf4d-3ef9-4689-8143-76b194e85509"}}, false, true},
		{Identity{Delegated: true, Roles: []string{"x", "4A5D8F65-41da-4de4-8968-e035b65339cf"}}, true, true},
		// Global Reader: totals only
		{Identity{Delegated: true, Roles: []string{"f2ef992c-3afb-46b9-b7cf-a126ee74c451"}}, false, true},
	} {
		if may, known := test.identity.MayReadReports(); may != test.may || known != test.known {
			t.Errorf("%+v: %v %v", test.identity, may, known)
		}
	}
}
