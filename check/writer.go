package check

import (
	"context"
	"fmt"
	"m365lake/graph/permissions"

	"m365lake/config"
	"m365lake/config/signin"
)

// writes says whether the configuration speaks of provisioning for the tenant.
func (k *tenantChecker) writes() bool {
	return k.tenant.Writer != (config.Writer{}) || k.Config.Provisioning.Enabled
}

// readerWrites says whether the application that reads is also the one that changes the tenant.
func (k *tenantChecker) readerWrites() bool {
	return k.writes() && k.tenant.Writer == (config.Writer{})
}

// writer tells which changes the application that writes may make. It knows them from the token's claims alone,
// because every request to Graph that needs such a permission changes something. A missing permission is a note
// because not every tenant needs every kind of change; a sync that applies no plan needs none of them.
func (k *tenantChecker) writer(ctx context.Context) {
	const subject = "provisioning"
	if !k.writes() {
		return
	}
	credentials, err := signin.WriterCredentials(k.tenant)
	if err != nil {
		k.addFinding(subject, Note, err.Error(), "")
		return
	}
	client, err := k.connect(credentials)
	if err == nil {
		err = client.Authenticate(ctx)
	}
	if err != nil {
		text, remedy := withoutRemedy(err)
		k.addFinding(subject, Note, text, remedy)
		return
	}
	identity, opaque := client.Identity(ctx)
	if opaque != nil {
		k.addFinding(subject, Note, "signs in, but the token does not tell its permissions", "")
		return
	}
	k.addFinding(subject, OK, "signs in as application "+identity.Application, "")
	for _, p := range permissions.ForWriting() {
		switch by := p.GrantedBy(identity.Permissions); by {
		case "":
			k.addFinding(p.Name, Note,
				fmt.Sprintf("missing (%s permission): %s", identity.Type(), PurposeOf(p.Name).Without),
				"add it to the registration that writes if you want that")
		case p.Name:
			k.addFinding(p.Name, OK, fmt.Sprintf("granted (%s): %s", identity.Type(), PurposeOf(p.Name).For), "")
		default:
			k.addFinding(p.Name, OK, fmt.Sprintf("granted by %s (%s): %s", by, identity.Type(), PurposeOf(p.Name).For), "")
		}
	}
}
