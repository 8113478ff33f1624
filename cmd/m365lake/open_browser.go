package main

import (
	"context"
	"os/exec"
	"runtime"
)

// openBrowser shows an address in the browser people use, if there is one; they have been told the
// address as well.
func openBrowser(ctx context.Context, address string) {
	command := []string{"xdg-open"}
	switch runtime.GOOS {
	case "darwin":
		command = []string{"open"}
	case "windows":
		command = []string{"rundll32", "url.dll,FileProtocolHandler"} // no shell reads the address
	}
	opener := exec.CommandContext(ctx, command[0], append(command[1:], address)...)
	if opener.Start() == nil {
		go func() { _ = opener.Wait() }() // the address was printed too; waiting only frees the process
	}
}
