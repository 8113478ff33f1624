package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"m365lake/config"
	"m365lake/load/warehouse"
)

func (p *program) verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Read every lake file, and say which are lost or damaged and how to restore them",
		Long: `Read every lake file to its end, count its rows, and compare the lake with what the published
warehouse was made from. Nothing is changed. Files that retention removed are not missed.

Exit codes: 0 every file is there and can be read; 3 files are lost or damaged.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, unlock, err := p.lockedData()
			if err != nil {
				return err
			}
			defer unlock()
			return p.verify(cmd.Context(), c)
		},
	}
}

// verify prints what is lost or damaged.
func (p *program) verify(ctx context.Context, c config.Config) error {
	found, err := p.localRun(c).Verify(ctx)
	if err != nil {
		return nothingError(err)
	}
	for _, path := range found.Lost {
		fmt.Fprintf(p.out, "lost: %s\n", path)
	}
	for _, text := range found.Damaged {
		fmt.Fprintf(p.out, "damaged: %s\n", text)
	}
	fmt.Fprintf(p.out, "%d lake files with %d rows in %s\n", found.Files, found.Rows, c.Folder().Lake())
	switch {
	case found.Unknown != "":
		fmt.Fprintf(p.out, "what should be there is not known: %s\n", found.Unknown)
	case found.Published < found.Files:
		fmt.Fprintf(p.out, "%d of them are not in the published warehouse as they are; the next sync or rebuild loads them\n",
			found.Files-found.Published)
	}
	switch {
	case found.Files == 0:
		return nothingError(fmt.Errorf("%w in %s; name the data folder with --data, see that its disk is mounted, "+
			"or restore the lake from a backup", warehouse.ErrNoLake, c.Folder().Lake()))
	case !found.Sound():
		return nothingError(errors.New(howToRestore(c, found)))
	}
	fmt.Fprintln(p.out, "every file is there and can be read")
	return nil
}

// howToRestore says what to do about what is lost or damaged.
func howToRestore(c config.Config, found warehouse.Verified) string {
	return fmt.Sprintf("%d lake files are lost and %d damaged; stop the nightly run, put %s back from the newest backup "+
		"as a whole, and run m365lake sync; single files only if they are of the same day as the rest "+
		"(docs/backup.md)", len(found.Lost), len(found.Damaged), c.Folder().Lake())
}
