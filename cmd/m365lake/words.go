package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"m365lake/internal/text"
)

// This file puts into words what the libraries of the command line say of wrong arguments.

// groupUsage is the part of cobra's usage that shows how to call a command alone; a group of commands has none.
const (
	groupUsage        = `{{if .Runnable}}`
	groupUsageInstead = `{{if and .Runnable (not .HasAvailableSubCommands)}}`
)

// sayWrongArguments lets each command of the tree say in words what is wrong with its arguments. A group of commands
// shows its help if it is called alone, and refuses a command that it does not have.
func sayWrongArguments(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd("completion")
	root.SetUsageTemplate(strings.Replace(root.UsageTemplate(), groupUsage, groupUsageInstead, 1))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError(fmt.Errorf("%w (see %s --help)", flagInWords(err), cmd.CommandPath()))
	})
	for _, cmd := range root.Commands() {
		if cmd.Name() == "help" {
			cmd.Args, cmd.Run, cmd.RunE = cobra.ArbitraryArgs, nil, showHelp
		}
	}
	sayWrongArgumentsOf(root)
}

func sayWrongArgumentsOf(cmd *cobra.Command) {
	if cmd.HasSubCommands() {
		cmd.Args, cmd.RunE = cobra.ArbitraryArgs, runGroup
	} else if accepts := cmd.Args; accepts != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := accepts(cmd, args); err != nil {
				return usageError(fmt.Errorf("%w\nusage: %s", argumentsInWords(cmd, args, err), cmd.UseLine()))
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		sayWrongArgumentsOf(sub)
	}
}

// runGroup is a group of commands called by itself.
func runGroup(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return unknownCommand(cmd, args[0])
	}
	return cmd.Help()
}

// showHelp is the command help.
func showHelp(help *cobra.Command, args []string) error {
	cmd, rest, err := help.Root().Find(args)
	if err != nil {
		return usageError(err)
	}
	if len(rest) > 0 && cmd.HasSubCommands() {
		return unknownCommand(cmd, rest[0])
	}
	cmd.InitDefaultHelpFlag()
	return cmd.Help()
}

// unknownCommand is the error about a command that a group does not have, with the one that was probably meant.
func unknownCommand(group *cobra.Command, name string) error {
	var known []string
	for _, sub := range group.Commands() {
		if sub.IsAvailableCommand() {
			known = append(known, sub.Name())
		}
	}
	return usageError(fmt.Errorf("unknown command %q for %q%s", name, group.CommandPath(), text.Suggest(name, known)))
}

// argumentsInWords says what a command takes and what it got; err is what its check said.
func argumentsInWords(cmd *cobra.Command, args []string, err error) error {
	if cmd.Name() == "query" {
		return err // has words of its own
	}
	got := "nothing"
	if len(args) > 0 {
		quoted := make([]string, len(args))
		for i, arg := range args {
			quoted[i] = strconv.Quote(arg)
		}
		got = strings.Join(quoted, " ")
	}
	takes := strings.TrimSpace(strings.TrimPrefix(cmd.Use, cmd.Name()))
	if takes == "" {
		takes = "no argument"
	}
	return fmt.Errorf("%s takes %s, and got %s", cmd.CommandPath(), takes, got)
}

// flagInWords says what is wrong with the value of a flag.
func flagInWords(err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return err
	}
	flag, value := invalid.GetFlag(), invalid.GetValue()
	wanted, known := map[string]string{
		"int": "a whole number", "uint64": "a whole number of 0 or more", "bool": "true or false",
		"duration": "a duration such as 10m or 1h30m",
	}[flag.Value.Type()]
	switch {
	case errors.Is(err, strconv.ErrRange):
		return fmt.Errorf("--%s %s is too large or too small", flag.Name, value)
	case known:
		return fmt.Errorf("--%s must be %s, not %q", flag.Name, wanted, value)
	}
	return fmt.Errorf("--%s must be %w, not %q", flag.Name, errors.Unwrap(invalid), value)
}

// commentsAreNoFlags puts SQL that begins with a comment behind the flags, where it is taken for no flag: no flag has
// white space in its name.
func commentsAreNoFlags(args []string) []string {
	var flags, texts []string
	for i, arg := range args {
		if arg == "--" {
			texts = append(texts, args[i+1:]...)
			break
		}
		name, _, _ := strings.Cut(arg, "=")
		if strings.HasPrefix(arg, "--") && strings.ContainsAny(name, " \t\r\n") {
			texts = append(texts, arg)
			continue
		}
		flags = append(flags, arg)
	}
	if texts == nil {
		return args
	}
	return append(append(flags, "--"), texts...)
}
