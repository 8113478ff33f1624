package main

import (
	"context"
	"errors"
	"fmt"

	"m365lake/pipeline"
)

// Exit codes of every command. README.md says the same of sync, docs/provisioning.md of provision.
const (
	exitGood        = 0
	exitGaps        = 1   // a run published without some sources; a plan was not carried out whole
	exitUsage       = 2   // wrong usage or configuration
	exitNothing     = 3   // nothing was published; Microsoft could not be asked
	exitInterrupted = 130 // by a signal, as a shell counts it: 128 + SIGINT
)

// exitError is an error with an exit code. A nil err means that everything has been said.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func usageError(err error) error   { return &exitError{exitUsage, err} }
func nothingError(err error) error { return &exitError{exitNothing, err} }

// afterInterruption is what is said when a command was interrupted, by its name; the others change nothing that
// would be worth a word, or have said it.
var afterInterruption = map[string]string{
	"sync":     "the published warehouse is untouched, and the next run goes on from what was pulled",
	"backfill": "the published warehouse is untouched, and the next run goes on from what was pulled",
	"demo":     "the next demo goes on from what was pulled",
	"rebuild":  "the published warehouse is untouched",
	"prune":    "what was begun is ended by running it again",
	"forget":   "what was begun is ended by running it again",
	"apply":    "what was done is in the ledger; provision apply goes on with the rest",
}

// exitCode shows the error of a command, at the one place where errors are shown, and returns its code.
func (p *program) exitCode(ctx context.Context, command string, err error) int {
	if err == nil {
		return exitGood
	}
	if ctx.Err() != nil {
		text := "interrupted"
		if after := afterInterruption[command]; after != "" {
			text += "; " + after
		}
		p.complain(text)
		return exitInterrupted
	}
	e := new(exitError)
	if !errors.As(err, &e) || e.err != nil {
		p.complain(err.Error())
	}
	return codeOf(err)
}

// codeOf is the exit code of an error.
func codeOf(err error) int {
	e := new(exitError)
	switch {
	case errors.As(err, &e):
		return e.code
	case errors.Is(err, pipeline.ErrNothingPublished):
		return exitNothing
	case errors.Is(err, pipeline.ErrAfterPublishing):
		return exitGaps
	}
	return exitUsage // pipeline.ErrConfiguration, and cobra's own: unknown command, wrong number of arguments
}

// resultCode is the exit code of a run that was published.
func resultCode(r pipeline.Result) int {
	if r.Complete() {
		return exitGood
	}
	return exitGaps
}

// runCode is the exit code of a run.
func runCode(ctx context.Context, r pipeline.Result, err error) int {
	switch {
	case ctx.Err() != nil && err != nil:
		return exitInterrupted
	case err != nil:
		return codeOf(err)
	}
	return resultCode(r)
}
