package permissions

import (
	"strings"
	"testing"
)

func TestGrantedBy(t *testing.T) {
	byName := map[string]Permission{}
	for _, p := range ForReading() {
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
		"User.Read openid User.Read.All GroupMember.Read.All Group.Read.All": "",
		"User.Read.All Directory.Read.All Mail.Read":                         "Mail.Read",
		"Organization.Read.All User.Read.All GroupMember.Read.All " +
			"RoleManagement.Read.Directory Directory.Read.All": "Directory.Read.All",
		"User.ReadWrite.All User.Read.All Sites.FullControl.All": "Sites.FullControl.All User.ReadWrite.All",
	} {
		if got := strings.Join(Excess(strings.Fields(granted), ForReading()), " "); got != want {
			t.Errorf("%s: %q instead of %q", granted, got, want)
		}
	}
	// Without sign-ins, nobody needs the permission for them.
	if got := Excess([]string{AuditLogReadAll}, ForReading()[:2]); len(got) != 1 || got[0] != AuditLogReadAll {
		t.Errorf("%v", got)
	}
}
