package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/spf13/cobra"

	"m365lake/extract"
	"m365lake/internal/disk"
	lakepkg "m365lake/load/lake"
	"m365lake/pipeline/datafolder"
	"m365lake/schemas"
)

func (p *program) forgetCommand() *cobra.Command {
	var tenant string
	cmd := &cobra.Command{
		Use:   "forget USER",
		Short: "Remove a person from the raw files, the lake, the warehouse and the exports",
		Long: `Remove a person from the raw files, the lake, the warehouse and the exports, and say what was removed.
USER is a sign-in name, a mail address or an Entra object id; also an earlier one.

Numbers that count people stay, and so does the user_key, which is never given to another. Delete the
account first: whoever the directory lists is back with the next sync. What was interrupted is ended
by running it again.`,
		Example: `  m365lake forget anna.moreau@contoso.com
  m365lake forget 3f1c9a52-0b7e-4a55-9a39-0d6c8f1f2b11 --tenant contoso`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			run, unlock, err := p.lockedData()
			if err != nil {
				return err
			}
			defer unlock()
			return p.forget(cmd.Context(), run, args[0], tenant)
		},
	}
	cmd.Flags().StringVar(&tenant, "tenant", "", "`name or id` of the tenant, where several know the person")
	return cmd
}

// forget writes down who is to be forgotten, and then does it: the list makes an interruption harmless.
func (p *program) forget(ctx context.Context, run *dataWork, user, tenant string) error {
	user = strings.TrimSpace(user)
	list, err := readForgotten(run.folder)
	if err != nil {
		return nothingError(err)
	}
	found, err := run.findPerson(ctx, list, user, tenant)
	if err != nil {
		return usageError(err)
	}
	at := list.find(found.tenantID, user)
	again := at >= 0
	if !again {
		list.People = append(list.People, forgottenPerson{TenantID: found.tenantID, ForgottenOn: p.now().UTC().Format(time.DateOnly)})
		at = len(list.People) - 1
	}
	person := &list.People[at]
	if found.key != 0 {
		person.UserKey = found.key
	}
	for _, name := range found.names {
		if hash := list.hash(name); !slices.Contains(person.Names, hash) {
			person.Names = append(person.Names, hash)
		}
	}
	if err := list.write(run.folder); err != nil {
		return nothingError(disk.WithRemedy(err))
	}

	removed, err := p.forgetPerson(ctx, run, list, *person)
	if err != nil {
		return nothingError(fmt.Errorf("%w; the person is not forgotten yet: run forget again", err))
	}
	switch {
	case removed == 0 && !again:
		list.People = slices.Delete(list.People, at, at+1)
		if err := list.write(run.folder); err != nil {
			return nothingError(err)
		}
		return usageError(fmt.Errorf("nobody is called %q in %s; m365lake query \"SELECT user_principal_name, user_id FROM users\" shows who there is", user, run.folder.Root))
	case removed == 0:
		fmt.Fprintf(p.out, "forgotten on %s already: nothing was left in the raw files and the lake\n", person.ForgottenOn)
	}
	if err := p.rebuild(ctx, run.config); err != nil {
		return err
	}
	p.tellWhatStays(run, found)
	return nil
}

// forgetPerson does the work in the raw files and the lake and tells it.
func (p *program) forgetPerson(ctx context.Context, run *dataWork, list forgottenList, person forgottenPerson) (removed int64, err error) {
	is := list.is(person)
	days, err := run.folder.RawDays(person.TenantID)
	if err != nil {
		return 0, err
	}
	records := int64(0)
	for _, day := range days {
		n, err := extract.Forget(ctx, run.folder.Raw(person.TenantID, day), extract.Forgotten{Is: is, Mentioned: mentioned(is)})
		if err != nil {
			return 0, err
		}
		records += n
	}
	if records > 0 {
		fmt.Fprintf(p.out, "raw: %d records removed, of %d run days\n", records, len(days))
	}
	lake := lakepkg.Lake{Dir: run.folder.Lake()}
	done, err := lake.Forget(ctx, person.TenantID, lakepkg.Forgotten{Key: person.UserKey, Is: is, Mentioned: mentioned(is), Day: p.now().UTC().Truncate(24 * time.Hour)})
	for _, t := range done {
		switch {
		case t.Removed > 0 && t.Emptied > 0:
			fmt.Fprintf(p.out, "lake: %s: %d rows removed, %d emptied of the person\n", t.Table, t.Removed, t.Emptied)
		case t.Removed > 0:
			fmt.Fprintf(p.out, "lake: %s: %d rows removed\n", t.Table, t.Removed)
		default:
			fmt.Fprintf(p.out, "lake: %s: %d rows emptied of the person\n", t.Table, t.Emptied)
		}
		records += t.Removed + t.Emptied
	}
	return records, err
}

// foundPerson is whom to forget.
type foundPerson struct {
	tenantID string
	namedPerson
	listed bool // in the directory, as of the last sync
}

// findPerson finds out whom the user means, in which tenant, and all names by which files may know them.
func (p *dataWork) findPerson(ctx context.Context, list forgottenList, user, tenant string) (foundPerson, error) {
	tenants, err := p.dataTenants(tenant)
	if err != nil {
		return foundPerson{}, err
	}
	lake := lakepkg.Lake{Dir: p.folder.Lake()}
	is := func(name string) bool { return strings.EqualFold(name, user) }
	var found []foundPerson
	for _, id := range tenants {
		people, err := names(ctx, lake, id, is)
		if err != nil {
			return foundPerson{}, err
		}
		if len(people) == 0 {
			if people, err = formerNames(ctx, lake, id, is); err != nil {
				return foundPerson{}, err
			}
		}
		if len(people) == 0 && list.find(id, user) >= 0 {
			people = []namedPerson{{deleted: true}} // an interrupted forgetting, or a later one
		}
		for _, person := range people {
			found = append(found, foundPerson{tenantID: id, namedPerson: person, listed: !person.deleted})
		}
	}
	switch {
	case len(found) > 1:
		var ids []string
		for _, f := range found {
			ids = append(ids, f.id+" of tenant "+f.tenantID)
		}
		return foundPerson{}, fmt.Errorf("%q is the name of several: name one by the id, and --tenant where that is not enough: %s", user, strings.Join(ids, ", "))
	case len(found) == 0 && len(tenants) > 1:
		return foundPerson{}, fmt.Errorf("no directory knows %q; if only reports do, name the tenant with --tenant", user)
	case len(found) == 0:
		return foundPerson{tenantID: tenants[0], namedPerson: namedPerson{names: []string{user}, deleted: true}}, nil
	}
	person := found[0]
	person.names = append(person.names, user)
	if person.key == 0 {
		return person, nil
	}
	person.names, err = allNames(ctx, lake, person)
	return person, err
}

// dataTenants are the tenants of the data folder, or the one that was named.
func (p *dataWork) dataTenants(named string) ([]string, error) {
	for _, t := range p.config.Tenants {
		if named == t.Name {
			named = t.TenantID
		}
	}
	var tenants []string
	inLake, err := lakepkg.Lake{Dir: p.folder.Lake()}.Tenants(&schemas.Users)
	if err != nil {
		return nil, err
	}
	inRaw, err := p.folder.RawTenants()
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Concat(inLake, inRaw) {
		if (named == "" || strings.EqualFold(id, named)) && !slices.Contains(tenants, id) {
			tenants = append(tenants, id)
		}
	}
	if len(tenants) == 0 && named != "" {
		return nil, fmt.Errorf("there is no tenant %q in %s", named, p.folder.Root)
	}
	if len(tenants) == 0 {
		return nil, fmt.Errorf("there is no data in %s; name the folder with --data", p.folder.Root)
	}
	return tenants, nil
}

// formerNames finds people of today's table by a name they had earlier.
func formerNames(ctx context.Context, lake lakepkg.Lake, tenantID string, is func(string) bool) ([]namedPerson, error) {
	keys := map[int32]bool{}
	err := eachName(ctx, lake, &schemas.UserHistory, tenantID, func(key int32, name string) {
		keys[key] = keys[key] || is(name)
	})
	if err != nil {
		return nil, err
	}
	people, err := names(ctx, lake, tenantID, func(string) bool { return true })
	return slices.DeleteFunc(people, func(p namedPerson) bool { return !keys[p.key] }), err
}

// allNames are the names of a person in all tables, without those that somebody else has today.
func allNames(ctx context.Context, lake lakepkg.Lake, person foundPerson) ([]string, error) {
	all := person.names
	for _, table := range []*schemas.Table{&schemas.UserHistory, &schemas.SSORoster, &schemas.HRISRoster} {
		err := eachName(ctx, lake, table, person.tenantID, func(key int32, name string) {
			if key == person.key && !slices.Contains(all, name) {
				all = append(all, strings.Clone(name))
			}
		})
		if err != nil {
			return nil, err
		}
	}
	others, err := names(ctx, lake, person.tenantID, func(name string) bool {
		return slices.ContainsFunc(all, func(n string) bool { return strings.EqualFold(n, name) })
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(name string) bool {
		return slices.ContainsFunc(others, func(o namedPerson) bool {
			return o.key != person.key && slices.ContainsFunc(o.names, func(n string) bool { return strings.EqualFold(n, name) })
		})
	}), nil
}

// eachName hands out the sign-in names and addresses of a table with the keys of their users.
func eachName(ctx context.Context, lake lakepkg.Lake, table *schemas.Table, tenantID string, each func(key int32, name string)) error {
	columns := []string{"user_key"}
	for _, c := range table.Columns {
		if slices.Contains([]string{"user_principal_name", "mail", "email"}, c.Name) {
			columns = append(columns, c.Name)
		}
	}
	for rows, err := range lake.Read(ctx, table, tenantID, columns...) {
		if err != nil {
			return err
		}
		keys := rows.Column(0).(*array.Int32)
		for c := 1; c < len(columns); c++ {
			text := rows.Column(c).(*array.String)
			for i := range text.Len() {
				if keys.IsValid(i) && text.IsValid(i) {
					each(keys.Value(i), text.Value(i))
				}
			}
		}
	}
	return nil
}

// tellWhatStays says what this program keeps on purpose or cannot reach.
func (p *program) tellWhatStays(run *dataWork, person foundPerson) {
	fmt.Fprintln(p.out, "\nWhat stays:")
	stays := func(format string, args ...any) { fmt.Fprintf(p.out, "- "+format+"\n", args...) }
	if person.listed {
		stays("the account: the directory listed it in the last sync, and the next one brings it back; delete it, then run forget again")
	}
	stays("numbers that count people: activity_metrics, tenant_counts")
	if person.key != 0 {
		stays("an empty row of users, %s, so that user_key %d is never given to another", lakepkg.ForgottenName(person.key), person.key)
	}
	stays("%s: hashes by which the next syncs know the name in Microsoft's reports and leave it out", run.folder.Forgotten())
	if control := run.folder.Control(); datafolder.Exists(control) {
		stays("%s: the ledger of provisioning is kept as evidence", control)
	}
	for _, t := range run.config.Tenants {
		for _, file := range []string{t.Rosters.SSO, t.Rosters.HRIS} {
			if t.TenantID == person.tenantID && file != "" && rosterNames(file, person.names) {
				stays("%s: your file; remove the person there", file)
			}
		}
	}
	stays("copies elsewhere: backups, files you exported, logs")
}

// rosterNames says whether a file has one of the names in it, or cannot be read to tell.
func rosterNames(file string, names []string) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	lower := strings.ToLower(string(text))
	return slices.ContainsFunc(names, func(name string) bool { return strings.Contains(lower, strings.ToLower(name)) })
}
