package main

import (
	"fmt"
	"os"
	"runtime/debug"
)

// exitCrash is the exit code of a fault in the program itself, as sysexits.h has it.
const exitCrash = 70

// crashed says that a fault of the program ended it, in one line, and returns the exit code. Where the program was is
// kept in a file for whoever mends it: only the owner may read it. A fault beside the command, in a goroutine that
// nobody waits for, and a lack of memory end the program through Go's runtime, with its stack and exit code 2.
func (p *program) crashed(fault any) int {
	stack := fmt.Appendf(nil, "m365lake %s\npanic: %v\n\n%s", version(), fault, debug.Stack())
	kept := ""
	if file, err := os.CreateTemp("", "m365lake-crash-*.txt"); err == nil {
		_, err = file.Write(stack)
		if closed := file.Close(); err == nil && closed == nil {
			kept = "where it was is in " + file.Name() + "; please report it"
		}
	}
	if kept == "" {
		p.complain(fmt.Sprintf("a fault in the program ended it: %v; please report it with where it was:\n%s", fault, stack))
		return exitCrash
	}
	p.complain(fmt.Sprintf("a fault in the program ended it: %v; %s", fault, kept))
	return exitCrash
}
