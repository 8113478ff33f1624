// Package apply carries out approved plans, one call a step: it looks, writes the intent down, calls,
// reads back and writes the outcome down, so that a run that dies at any instant can be gone on with.
// It also writes the actions that take a run back.
package apply
