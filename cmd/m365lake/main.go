// Command m365lake pulls Microsoft 365 tenants into a DuckDB warehouse: who uses what, who holds
// which licence.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(execute()) }

// execute runs the command line of the process and returns the exit code.
func execute(options ...option) int {
	keepPrivate()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, options...)
}
