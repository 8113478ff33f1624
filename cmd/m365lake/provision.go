package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"m365lake/internal/text"
	"m365lake/pipeline/datafolder"
	"m365lake/provision"
	"m365lake/provision/control"
)

// applyWait is how long a run that applies a plan waits for the control database of another process: to give up
// in the middle is worse.
const applyWait = 2 * time.Minute

func (p *program) provisionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "provision",
		Short: "Change licences and accounts: ask, plan, approve, apply, undo",
		Long: `Change licences and accounts. What people ask for are rows of provisioning_actions in
control.duckdb of the data folder: written with any DuckDB client, or with add and import. Nothing
is done before a plan was made of them, shown, and, as the settings there say, approved.

Everybody who may write control.duckdb may change licences: only its owner can read and write the file.`,
	}
	cmd.PersistentFlags().StringVar(&p.as, "as", "", "`name` of who acts (default: the user of the operating system)")
	cmd.AddCommand(p.provisionInitCommand(), p.provisionAddCommand(), p.provisionImportCommand(), p.provisionPlanCommand())
	cmd.AddCommand(p.provisionApproveCommand(), p.provisionRejectCommand(), p.provisionCancelCommand(),
		p.provisionStatusCommand())
	cmd.AddCommand(p.provisionApplyCommand(), p.provisionUndoCommand())
	return cmd
}

func (p *program) provisionInitCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Make the control database, or bring an older one up to date",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			data, err := p.dataFolder()
			if err != nil {
				return err
			}
			if err := data.Make(); err != nil {
				return nothingError(err)
			}
			_, err = os.Stat(data.Control())
			existed := !errors.Is(err, fs.ErrNotExist)
			db, err := control.Create(cmd.Context(), data.Control())
			if err != nil {
				return usageError(err)
			}
			if err := db.Close(); err != nil {
				return usageError(err)
			}
			if existed {
				fmt.Fprintf(p.out, "%s is up to date\n", data.Control())
				return nil
			}
			fmt.Fprintf(p.out, "made %s\n", data.Control())
			fmt.Fprintln(p.out, "ask for changes in its table provisioning_actions, or with m365lake provision add; "+
				"its table settings has the rules")
			return nil
		},
	}
}

// controlFile is the control database of a data folder.
func (p *program) controlFile(data datafolder.Folder) *control.File {
	return &control.File{Path: data.Control(), Wait: control.UsualWait}
}

// withControl opens the control database for writing, hands it out and closes it.
func (p *program) withControl(ctx context.Context, do func(*control.Database) error) error {
	data, err := p.dataFolder()
	if err != nil {
		return err
	}
	return controlError(p.controlFile(data).Change(ctx, do))
}

// readControl opens the control database for reading, hands it out and closes it.
func (p *program) readControl(ctx context.Context, do func(*control.Database) error) error {
	data, err := p.dataFolder()
	if err != nil {
		return err
	}
	return controlError(p.controlFile(data).View(ctx, do))
}

// controlError gives an error about the control database its exit code, unless it has one.
func controlError(err error) error {
	var coded *exitError
	if err == nil || errors.As(err, &coded) {
		return err
	}
	return usageError(explainUnknownName(err))
}

// actor is who acts: --as, else the user of the operating system.
func (p *program) actor() (string, error) {
	if name := strings.TrimSpace(p.as); name != "" {
		return name, nil
	}
	u, err := user.Current()
	if err != nil || u.Username == "" {
		return "", usageError(errors.New("the operating system does not say who you are; say it with --as NAME"))
	}
	return u.Username, nil
}

// explainUnknownName adds the name that was probably meant, to each of several errors its own.
func explainUnknownName(err error) error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var explained []error
		for _, e := range several.Unwrap() {
			explained = append(explained, explainUnknownName(e))
		}
		return errors.Join(explained...)
	}
	var unknown *provision.UnknownNameError
	if errors.As(err, &unknown) {
		return fmt.Errorf("%w%s", err, text.Suggest(unknown.Name, unknown.Known))
	}
	return err
}
