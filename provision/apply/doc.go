// Package apply carries out approved plans, one call a step: it looks, writes the intent down, calls,
// reads back and writes the outcome down, so that a later run can continue one that died at any instant.
// It also writes the actions that take a run back.
package apply
