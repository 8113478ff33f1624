package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"m365lake/config"
	"m365lake/internal/clock"
	"m365lake/pipeline/datafolder"

	"github.com/spf13/cobra"
)

// program is what all commands share: where it writes and the flags every command knows.
type program struct {
	in       io.Reader
	out, err io.Writer
	clock    clock.Clock

	data    string // --data
	config  string // --config
	verbose bool   // --verbose
	as      string // --as of the provision commands

	logFormat logFormat // --log-format

	writes writePace

	anyRunDay bool // a run may be of a day to come: tests have invented tenants with days of their own
}

// An option changes how a program works, besides what its command line says.
type option func(*program)

// run runs the command line and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer, options ...option) (code int) {
	p := &program{in: in, out: out, err: errs, clock: clock.Machine()}
	for _, set := range options {
		set(p)
	}
	defer func() {
		if fault := recover(); fault != nil {
			code = p.crashed(fault)
		}
	}()
	root := p.rootCommand()
	root.SetArgs(commentsAreNoFlags(args))
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	cmd, err := root.ExecuteContextC(ctx)
	return p.exitCode(ctx, cmd.Name(), err)
}

// now is the time of the clock.
func (p *program) now() time.Time { return p.clock.Now() }

func (p *program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "m365lake",
		Short: "Who uses Microsoft 365, who only pays for it: a tenant's usage and licences as a DuckDB warehouse",
		Long: `m365lake pulls a Microsoft 365 tenant's directory, licences and usage reports from Microsoft
Graph, computes how much each app is used, and publishes a DuckDB warehouse and Parquet files.

Try it without a tenant:   m365lake demo
With a tenant:             M365_CLIENT_SECRET=... m365lake sync --config pipelines.yaml

Exit codes: 0 all good; 1 published, but some sources failed; 2 wrong usage or configuration;
3 nothing published; 70 a fault in the program; 130 interrupted.`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.PersistentFlags().StringVar(&p.data, "data", "",
		"folder of the raw files, the lake and the warehouse (default: data of the configuration, else ./data)")
	root.PersistentFlags().StringVar(&p.config, "config", "pipelines.yaml", "configuration `file`")
	root.PersistentFlags().BoolVar(&p.verbose, "verbose", false,
		"log every step of a run: each source with its rows, bytes and time")
	p.logFormat = logText
	root.PersistentFlags().Var(&p.logFormat, "log-format", "text, or json: one object a line, without progress bars")
	root.AddCommand(
		p.initCommand(), p.checkCommand(), p.configCommand(), p.connectCommand(), p.disconnectCommand(),
		p.syncCommand(), p.backfillCommand(), p.rebuildCommand(), p.verifyCommand(), p.namesCommand(),
		p.queryCommand(), p.exportCommand(), p.statusCommand(),
		p.provisionCommand(), p.notifyCommand(), p.pruneCommand(), p.forgetCommand(),
		p.demoCommand(), p.sandboxCommand(), p.versionCommand(),
	)
	sayWrongArguments(root)
	return root
}

// dataFolder is where the data is for commands that need no tenant: --data, else what the
// configuration says if there is one.
func (p *program) dataFolder() (datafolder.Folder, error) {
	if p.data != "" {
		return datafolder.Folder{Root: p.data}, nil
	}
	c, err := config.ReadIfAny(p.config)
	if err != nil {
		return datafolder.Folder{}, usageError(err)
	}
	return c.Folder(), nil
}

// demoData is where the demo keeps its data.
const demoData = "demo-data"

// publishedFolder is dataFolder for commands that read a published warehouse. If nothing was synced to the data
// folder yet, and a demo was, it returns the folder of the demo and says so.
func (p *program) publishedFolder() (datafolder.Folder, error) {
	data, err := p.dataFolder()
	demo := datafolder.Folder{Root: demoData}
	if err != nil || p.data != "" || datafolder.Exists(data.Lake()) || !datafolder.Exists(demo.Lake()) {
		return data, err
	}
	fmt.Fprintf(p.err, "m365lake: nothing was synced to %s yet; answering from the demo in %s\n", data.Root, demo.Root)
	return demo, nil
}

// complain says what ends the program, in the form of the log.
func (p *program) complain(text string) {
	if p.logFormat == logJSON {
		p.logger(p.err).Error(text)
		return
	}
	fmt.Fprintf(p.err, "m365lake: %s\n", text)
}
