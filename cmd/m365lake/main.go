// Command m365lake pulls Microsoft 365 tenants into a DuckDB warehouse: who uses what, who holds
// which licence.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	keepPrivate()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
