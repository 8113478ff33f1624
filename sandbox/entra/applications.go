package entra

import (
	"slices"
	"strings"

	"m365lake/sandbox/faults"
)

// application is a program with an account of its own in the tenant.
type application struct {
	id, secret  string
	permissions []string // application permissions that an administrator consented to
}

var readPermissions = []string{"User.Read.All", "Organization.Read.All", "GroupMember.Read.All", "Group.Read.All",
	"RoleManagement.Read.Directory", "Reports.Read.All", "ReportSettings.Read.All", "AuditLog.Read.All"}

// Permissions to write, as Microsoft's permissions reference names them.
const (
	PermitLicenses      = "LicenseAssignment.ReadWrite.All"
	PermitUsers         = "User.ReadWrite.All"
	PermitMembers       = "GroupMember.ReadWrite.All"
	PermitDeleteRestore = "User.DeleteRestore.All"
	PermitSessions      = "User.RevokeSessions.All"
)

var writePermissions = []string{PermitLicenses, PermitUsers, PermitMembers}

func (t Tokens) reader() application {
	return application{t.company.ClientID(), t.company.ClientSecret(), readPermissions}
}

// writer has all its permissions but those a fault takes away.
func (t Tokens) writer() application {
	all := slices.Concat(readPermissions, writePermissions)
	for fault, without := range map[string]string{
		faults.NoLicensePermit: PermitLicenses, faults.NoUserPermit: PermitUsers, faults.NoMemberPermit: PermitMembers,
	} {
		if t.faults.On(fault) {
			all = slices.DeleteFunc(all, func(p string) bool { return p == without })
		}
	}
	return application{t.company.WriterID(), t.company.WriterSecret(), all}
}

func (t Tokens) application(id string) (application, bool) {
	for _, a := range []application{t.reader(), t.writer()} {
		if strings.EqualFold(id, a.id) {
			return a, true
		}
	}
	return application{}, false
}
