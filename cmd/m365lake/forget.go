package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"m365lake/config"
	"m365lake/erase"
	"m365lake/internal/disk"
	"m365lake/pipeline/datafolder"
)

func (p *program) forgetCommand() *cobra.Command {
	var tenant string
	cmd := &cobra.Command{
		Use:   "forget USER",
		Short: "Remove a person from the raw files, the lake, the warehouse and the exports",
		Long: `Remove a person from the raw files, the lake, the warehouse and the exports, and say what was removed.
USER is a sign-in name, a mail address or an Entra object id; also an earlier one.

Numbers that count people stay, and so does the user_key, which is never given to another. Delete the
account first: the next sync adds every person again whom the directory lists. After an interruption
run it again.`,
		Example: `  m365lake forget anna.moreau@contoso.com
  m365lake forget 3f1c9a52-0b7e-4a55-9a39-0d6c8f1f2b11 --tenant contoso`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, unlock, err := p.lockedData()
			if err != nil {
				return err
			}
			defer unlock()
			return p.forget(cmd.Context(), c, args[0], tenant)
		},
	}
	cmd.Flags().StringVar(&tenant, "tenant", "", "`name or id` of the tenant, where several know the person")
	return cmd
}

func (p *program) forget(ctx context.Context, c config.Config, user, tenant string) error {
	eraser := erase.Eraser{Folder: c.Folder(), Day: p.today()}
	for _, t := range c.Tenants {
		if tenant == t.Name {
			tenant = t.TenantID
		}
	}
	tenants, err := eraser.Tenants(tenant)
	if err != nil {
		return forgetError(err)
	}
	done, err := eraser.Forget(ctx, user, tenants)
	p.showErased(done.Erased)
	if err != nil {
		return forgetError(err)
	}
	if done.Rows() == 0 {
		fmt.Fprintf(p.out, "forgotten on %s already: nothing was left in the raw files and the lake\n", done.ForgottenOn)
	}
	// What a first run left that was killed early is raw files alone.
	if folder := c.Folder(); datafolder.Exists(folder.Lake()) || datafolder.Exists(folder.Warehouse()) {
		if err := p.rebuild(ctx, p.localRun(c)); err != nil {
			return err
		}
	}
	p.showWhatStays(c, done)
	return nil
}

// forgetError tells a person who is not clear, which the user can mend, from a fault.
func forgetError(err error) error {
	var who *erase.WhoError
	if errors.As(err, &who) {
		return usageError(err)
	}
	return nothingError(disk.WithRemedy(err))
}

func (p *program) showErased(erased erase.Erased) {
	if erased.Raw.Records > 0 {
		fmt.Fprintf(p.out, "raw: %d records removed, of %d run days\n", erased.Raw.Records, erased.Raw.Days)
	}
	for _, t := range erased.Lake {
		switch {
		case t.Removed > 0 && t.Emptied > 0:
			fmt.Fprintf(p.out, "lake: %s: %d rows removed, %d emptied of the person\n", t.Table, t.Removed, t.Emptied)
		case t.Removed > 0:
			fmt.Fprintf(p.out, "lake: %s: %d rows removed\n", t.Table, t.Removed)
		default:
			fmt.Fprintf(p.out, "lake: %s: %d rows emptied of the person\n", t.Table, t.Emptied)
		}
	}
}

// showWhatStays says what this program keeps on purpose or cannot reach.
func (p *program) showWhatStays(c config.Config, done erase.Forgetting) {
	fmt.Fprintln(p.out, "\nWhat stays:")
	stays := func(format string, args ...any) { fmt.Fprintf(p.out, "- "+format+"\n", args...) }
	if done.Listed {
		stays("the account: the directory listed it in the last sync, and the next one brings it back; " +
			"delete it, then run forget again")
	}
	stays("numbers that count people: activity_metrics, tenant_counts")
	if done.UserKey != 0 {
		stays("an empty row of users, %s, so that user_key %d is never given to another",
			erase.ForgottenName(done.UserKey), done.UserKey)
	}
	stays("%s: hashes by which the next syncs know the name in Microsoft's reports and leave it out",
		c.Folder().Forgotten())
	if control := c.Folder().Control(); datafolder.Exists(control) {
		stays("%s: the ledger of provisioning is kept as evidence", control)
	}
	for _, t := range c.Tenants {
		for _, file := range []string{t.Rosters.SSO, t.Rosters.HRIS} {
			if t.TenantID == done.TenantID && file != "" && fileNames(file, done.Names) {
				stays("%s: your file; remove the person there", file)
			}
		}
	}
	stays("copies elsewhere: backups, files you exported, logs")
}

// fileNames says whether a file has one of the names in it, or cannot be read to tell.
func fileNames(file string, names []string) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	lower := strings.ToLower(string(text))
	return slices.ContainsFunc(names, func(name string) bool { return strings.Contains(lower, strings.ToLower(name)) })
}
