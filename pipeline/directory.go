package pipeline

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/extract"
	"m365lake/schemas"
	"m365lake/transform"
	"m365lake/transform/directory"
)

// organization makes the table of the tenant itself.
func (t *tenantTransform) organization(ctx context.Context) error {
	concealed, err := t.concealed(ctx)
	if err != nil {
		return err
	}
	return t.writePulled(ctx, extract.Organization, func(r io.Reader) batches {
		return directory.Organization(r, t.owner, concealed)
	})
}

func (t *tenantTransform) subscriptions(ctx context.Context) error {
	return t.writePulled(ctx, extract.Subscriptions, func(r io.Reader) batches {
		return judgedStream(directory.Subscriptions(r, t.owner), t.judgeSubscriptions)
	})
}

func (t *tenantTransform) licenseGroups(ctx context.Context) error {
	return t.writePulled(ctx, extract.LicenseGroups, func(r io.Reader) batches {
		groups := directory.LicenseGroups(r, t.owner, t.pulled[extract.LicenseGroups].FellBack())
		return judgedStream(groups, t.judgeGroups)
	})
}

// skus makes the table of the products that the tenant has, and learns what they give.
func (t *tenantTransform) skus(ctx context.Context) error {
	return t.writePulled(ctx, extract.SubscribedSKUs, func(r io.Reader) batches {
		return judgedStream(directory.SKUs(r, t.owner, t.grants), t.judgeProducts)
	})
}

// listUsers makes the table users and fills the index of users. Without the products no user would
// have a licence for anything, so then the users stay as they were.
func (t *tenantTransform) listUsers(ctx context.Context) error {
	if !t.fit(extract.SubscribedSKUs) {
		return nil
	}
	if err := t.refuseLostKeys(); err != nil {
		return err
	}
	deleted, err := t.deletedUsers(ctx)
	if err != nil {
		return err
	}
	var aside directory.SetAside
	if err := t.readPulled(ctx, extract.Users, func(r io.Reader) (int64, error) {
		if t.surveys.users == nil {
			return 0, t.surveys.usersErr
		}
		aside = t.surveys.users.Aside
		users := directory.Users(r, t.owner, t.grants, deleted, aside, t.previous, t.index)
		return t.writeBatches(ctx, judgedStream(users, func(rows map[string]int64) error {
			return t.judgeUsers(deleted, aside, rows)
		}))
	}); err != nil {
		return err
	}
	t.remark(extract.Users, aside.String())
	return nil
}

// refuseLostKeys stops the tenant when the table users, which remembers every user_key, is gone
// while facts with those keys are there: giving the keys anew would hand people each other's past.
func (t *tenantTransform) refuseLostKeys() error {
	users, err := t.lake().Has(&schemas.Users, t.tenant.TenantID)
	if err != nil {
		return err
	}
	if t.listed.Has(&schemas.AppActivity) && !users {
		return fmt.Errorf("%s is missing, but there are facts that need its user keys; "+
			"restore it from a backup, or move the folder lake aside to begin a new history",
			t.lake().TenantFile(&schemas.Users, t.tenant.TenantID))
	}
	return nil
}

// concealed reads whether names are concealed in the reports; nil is unknown.
func (t *tenantTransform) concealed(ctx context.Context) (concealed *bool, err error) {
	err = t.readPulled(ctx, extract.ReportSettings, func(r io.Reader) (_ int64, err error) {
		concealed, err = directory.ReportSettings(r)
		return 1, err
	})
	return concealed, err
}

// deletedUsers reads on which day people were deleted; nil is unknown.
func (t *tenantTransform) deletedUsers(ctx context.Context) (deleted directory.Deleted, err error) {
	err = t.readPulled(ctx, extract.DeletedUsers, func(r io.Reader) (_ int64, err error) {
		deleted, err = directory.DeletedUsers(r)
		return int64(len(deleted)), err
	})
	return deleted, err
}

// signIns makes the table of everybody's last sign-ins.
func (t *tenantTransform) signIns(ctx context.Context) error {
	return t.writePulled(ctx, extract.SignIns, func(r io.Reader) batches { return directory.SignIns(r, t.owner, t.index) })
}

// stored streams a table of the tenant as the lake has it now.
func (t *tenantTransform) stored(ctx context.Context, table *schemas.Table) transform.Previous {
	return func() iter.Seq2[arrow.RecordBatch, error] { return t.lake().Read(ctx, table, t.tenant.TenantID) }
}

// histories brings the versions of users and licences to the day, from the tables of the day.
func (t *tenantTransform) histories(ctx context.Context) error {
	users := directory.UserHistory(t.owner, t.index, t.stored(ctx, &schemas.Users), t.stored(ctx, &schemas.UserHistory))
	if err := t.derive(ctx, schemas.UserHistory.Name, users); err != nil {
		return err
	}
	licenses := directory.LicenseHistory(
		t.owner, t.stored(ctx, &schemas.LicenseAssignments), t.stored(ctx, &schemas.LicenseHistory))
	return t.derive(ctx, schemas.LicenseHistory.Name, licenses)
}

// derive writes what is made of tables rather than of a source, as a step of its own.
func (t *tenantTransform) derive(ctx context.Context, name string, stream batches) error {
	started := t.Clock.Now()
	rows, err := t.writeBatches(ctx, stream)
	if err != nil && (ctx.Err() != nil || localFault(err)) {
		return err
	}
	t.addStep("transform", name, started, rows, err)
	return nil
}

// roleMembers names the sources of the groups that hold roles, which only the answers tell. If they
// cannot be read, it names none, and openRoleMembers fails: the gap is recorded where the roles are made.
func (t *tenantRun) roleMembers(done []extract.Result) []extract.Source {
	pulled := map[string]extract.Result{}
	for _, result := range done {
		if result.Err == nil {
			pulled[result.Source.Name] = result
		}
	}
	assignments, asked := pulled[extract.RoleAssignments]
	users, listed := pulled[extract.Users]
	if !asked || !listed {
		return nil
	}
	var holders []string
	if holders, t.holdersUnknown = t.roleHolders(assignments.Source, users.Source); t.holdersUnknown != nil {
		return nil
	}
	sources := make([]extract.Source, len(holders))
	for i, id := range holders {
		sources[i] = extract.RoleMembers(id)
	}
	return sources
}

func (t *tenantRun) roleHolders(assignments, users extract.Source) ([]string, error) {
	assignmentsFile, err := t.openRaw(assignments)
	if err != nil {
		return nil, err
	}
	defer assignmentsFile.Close()
	usersFile, err := t.openRaw(users)
	if err != nil {
		return nil, err
	}
	defer usersFile.Close()
	return directory.RoleHolders(assignmentsFile, usersFile)
}

// openRoleMembers opens the raw file of a group's members. It returns nil if the principal is
// no group, which has no members. It returns an error if the run did not ask for members, because the holders
// of roles are not known.
func (t *tenantTransform) openRoleMembers(principalID string) (io.ReadCloser, error) {
	result, asked := t.pulled[extract.RoleMembers(principalID).Name]
	if !asked && t.holdersUnknown != nil {
		return nil, t.holdersUnknown
	}
	if !asked || result.Entry.Status == extract.Skipped {
		return nil, nil
	}
	if result.Err != nil {
		return nil, result.Err
	}
	return t.openRaw(result.Source)
}

// roles makes the table user_roles.
func (t *tenantTransform) roles(ctx context.Context) error {
	var roles directory.Roles
	if err := t.readPulled(ctx, extract.RoleDefinitions, func(r io.Reader) (_ int64, err error) {
		roles, err = directory.RoleDefinitions(r)
		return int64(len(roles)), err
	}); err != nil || roles == nil {
		return err
	}
	return t.writePulled(ctx, extract.RoleAssignments, func(r io.Reader) batches {
		held := directory.UserRoles(r, t.owner, t.index, roles, t.openRoleMembers)
		return judgedStream(held, func(rows map[string]int64) error { return t.judgeRoles(ctx, rows) })
	})
}
