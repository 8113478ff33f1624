package graph

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/internal/text"
)

func tokenOf(claims string) string {
	return "h." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".s"
}

func TestReadClaims(t *testing.T) {
	for claims, want := range map[string]Identity{
		`{"appid":"a","idtyp":"app","roles":["User.Read.All","Reports.Read.All","User.Read.All"]}`: {Application: "a", Permissions: []string{"Reports.Read.All", "User.Read.All"}},
		`{"azp":"b"}`: {Application: "b"}, // nobody consented to anything
		`{"appid":"a","scp":"User.Read Reports.Read.All","upn":"p@x.example","wids":["r"]}`:            {Application: "a", Person: "p@x.example", Delegated: true, Permissions: []string{"Reports.Read.All", "User.Read"}, Roles: []string{"r"}},
		`{"appid":"a","scp":"","preferred_username":"p@x.example","roles":["an.app.role"]}`:            {Application: "a", Person: "p@x.example", Delegated: true, Permissions: []string{}},
		`{"appid":"a","idtyp":"user","preferred_username":"two\nlines","scp":"Bad\u0007.Read"}`:        {Application: "a", Person: "two lines", Delegated: true, Permissions: []string{"Bad .Read"}},
		`{"appid":"a","idtyp":"app","unknown":{"deep":[1]},"exp":12,"roles":null,"aud":["one","two"]}`: {Application: "a"},
	} {
		got, err := readClaims(tokenOf(claims))
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("%s: %v %s", claims, err, cmp.Diff(want, got))
		}
	}
	for _, opaque := range []string{"", "opaque", "a.b", "h.%%%.s", tokenOf(`[]`), tokenOf(`{"roles":"secret-looking"}`), tokenOf(`{`)} {
		if _, err := readClaims(opaque); !errors.Is(err, errOpaque) || strings.Contains(err.Error(), "secret") {
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
		i, err := readClaims(token)
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
		{Identity{Delegated: true, Roles: []string{"f2ef992c-3afb-46b9-b7cf-a126ee74c451"}}, false, true}, // Global Reader: totals only
	} {
		if may, known := test.identity.MayReadReports(); may != test.may || known != test.known {
			t.Errorf("%+v: %v %v", test.identity, may, known)
		}
	}
}

func TestGrantedBy(t *testing.T) {
	byName := map[string]Permission{}
	for _, p := range Permissions() {
		if byName[p.Name] = p; len(p.AppRole) != 36 {
			t.Errorf("%+v", p)
		}
	}
	for _, test := range []struct{ need, granted, by string }{
		{UserReadAll, "User.Read.All Directory.Read.All", UserReadAll},
		{UserReadAll, "Directory.Read.All", "Directory.Read.All"},
		{UserReadAll, "Directory.ReadWrite.All", "Directory.ReadWrite.All"},
		{UserReadAll, "User.Read User.ReadBasic.All", ""},
		{ReportsReadAll, "Directory.ReadWrite.All Reports.Read", ""},
		{ReportSettingsRead, "ReportSettings.ReadWrite.All Reports.Read.All", "ReportSettings.ReadWrite.All"},
		{AuditLogReadAll, "Directory.Read.All", ""},
		{GroupMemberReadAll, "Group.Read.All", "Group.Read.All"},
	} {
		if by := byName[test.need].GrantedBy(strings.Fields(test.granted)); by != test.by {
			t.Errorf("%s of %s: %q", test.need, test.granted, by)
		}
	}
}

func TestExcess(t *testing.T) {
	for granted, want := range map[string]string{
		"User.Read openid User.Read.All GroupMember.Read.All Group.Read.All":                                        "",
		"User.Read.All Directory.Read.All Mail.Read":                                                                "Mail.Read",
		"Organization.Read.All User.Read.All GroupMember.Read.All RoleManagement.Read.Directory Directory.Read.All": "Directory.Read.All",
		"User.ReadWrite.All User.Read.All Sites.FullControl.All":                                                    "Sites.FullControl.All User.ReadWrite.All",
	} {
		if got := strings.Join(Excess(strings.Fields(granted), Permissions()), " "); got != want {
			t.Errorf("%s: %q instead of %q", granted, got, want)
		}
	}
	// Without sign-ins, nobody needs the permission for them.
	if got := Excess([]string{AuditLogReadAll}, permissions[:2]); len(got) != 1 || got[0] != AuditLogReadAll {
		t.Errorf("%v", got)
	}
}

// The clock is that of the last answer, also when it was a refusal.
func TestClockSkew(t *testing.T) {
	var date string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", date)
		w.WriteHeader(http.StatusUnauthorized)
		w.Write([]byte(`{"error":"invalid_client"}`))
	}))
	defer server.Close()
	for _, ahead := range []time.Duration{-10 * time.Minute, 0, 10 * time.Minute} {
		date = time.Now().Add(ahead).UTC().Format(http.TimeFormat)
		cloud, err := CustomCloud(server.URL, server.URL)
		if err != nil {
			t.Fatal(err)
		}
		c, err := New(Options{Cloud: cloud, Credentials: Credentials{TenantID: "12345678-1234-4234-8234-123456789012", ClientID: "12345678-1234-4234-8234-123456789012", ClientSecret: "x"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, known := c.ClockSkew(); known {
			t.Error("known before anybody was asked")
		}
		if err := c.Authenticate(t.Context()); err == nil {
			t.Fatal("authenticated")
		}
		skew, known := c.ClockSkew()
		if off := skew - ahead; !known || off < -2*time.Second || off > 2*time.Second {
			t.Errorf("%v: %v %v", ahead, skew, known)
		}
	}
}

func TestUsageReportsByCloud(t *testing.T) {
	for name, want := range map[string]bool{"global": true, "usgov-l4": false, "usgov-l5": false, "china": false} {
		cloud, err := CloudByName(name)
		if err != nil || cloud.UsageReports() != want {
			t.Errorf("%s: %v %v", name, cloud.UsageReports(), err)
		}
	}
	if c, err := CustomCloud("https://login.example", "https://graph.example"); err != nil || !c.UsageReports() {
		t.Error(c, err)
	}
}
