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

// exitCode shows the error, at the one place where errors are shown, and returns its code.
func (p *program) exitCode(ctx context.Context, err error) int {
	if err == nil {
		return exitGood
	}
	if ctx.Err() != nil {
		p.complain("interrupted; the published warehouse is untouched, and the next run goes on from what was pulled")
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
