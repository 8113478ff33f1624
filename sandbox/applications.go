package sandbox

import (
	"fmt"
	"m365lake/sandbox/dice"
	"slices"
	"strings"
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
	permitLicenses      = "LicenseAssignment.ReadWrite.All"
	permitUsers         = "User.ReadWrite.All"
	permitMembers       = "GroupMember.ReadWrite.All"
	permitDeleteRestore = "User.DeleteRestore.All"
	permitSessions      = "User.RevokeSessions.All"
)

var writePermissions = []string{permitLicenses, permitUsers, permitMembers}

// ClientID is the application that may read this tenant.
func (t *Tenant) ClientID() string { return dice.GUID(dice.Roll(t.Seed, dice.TagClient)) }

// ClientSecret is that application's invented secret.
func (t *Tenant) ClientSecret() string { return secretOf(dice.Roll(t.Seed, dice.TagSecret)) }

// WriterID is the application that may also change users, licences and groups.
func (t *Tenant) WriterID() string { return dice.GUID(dice.Roll(t.Seed, dice.TagClient) + 1) }

// WriterSecret is that application's invented secret.
func (t *Tenant) WriterSecret() string { return secretOf(dice.Roll(t.Seed, dice.TagSecret) + 1) }

func secretOf(h uint64) string { return fmt.Sprintf("sandbox-%016x%016x", h, dice.Mix(h)) }

func (t *Tenant) reader() application {
	return application{t.ClientID(), t.ClientSecret(), readPermissions}
}

// writer has all its permissions but those a fault takes away.
func (t *Tenant) writer() application {
	all := slices.Concat(readPermissions, writePermissions)
	for fault, without := range map[string]string{
		faultNoLicensePermit: permitLicenses, faultNoUserPermit: permitUsers, faultNoMemberPermit: permitMembers,
	} {
		if t.faults.on(fault) {
			all = slices.DeleteFunc(all, func(p string) bool { return p == without })
		}
	}
	return application{t.WriterID(), t.WriterSecret(), all}
}

func (t *Tenant) application(id string) (application, bool) {
	for _, a := range []application{t.reader(), t.writer()} {
		if strings.EqualFold(id, a.id) {
			return a, true
		}
	}
	return application{}, false
}
