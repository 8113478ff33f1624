package main

import (
	"context"
	"os/exec"
	"runtime"
)

// openBrowser shows an address in the user's browser, if there is one. The caller prints the address as well.
func openBrowser(ctx context.Context, address string) {
	command := "xdg-open"
	if runtime.GOOS == "darwin" {
		command = "open"
	}
	opener := exec.CommandContext(ctx, command, address)
	if opener.Start() == nil {
		go func() { _ = opener.Wait() }() // the address was printed too; waiting only frees the process
	}
}
