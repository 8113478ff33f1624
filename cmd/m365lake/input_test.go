package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
)

// Reading standard input ends when the command is interrupted, with the exit code of an interruption.
func TestInterruptedPrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()
		in, typed := io.Pipe()
		defer typed.Close()
		var out, errs bytes.Buffer
		code := make(chan int)
		go func() { code <- run(ctx, []string{"query", "--data", "nowhere"}, in, &out, &errs) }()
		synctest.Wait()
		interrupt()
		if got := <-code; got != exitInterrupted || errs.String() != "m365lake: interrupted\n" {
			t.Errorf("exit code %d: %s", got, errs.String())
		}
	})
}

// What is read through input is what is in it.
func TestInputIsWhole(t *testing.T) {
	want := strings.Repeat("SELECT 1;\n", 10_000)
	p := &program{in: strings.NewReader(want)}
	got, err := io.ReadAll(p.input(t.Context()))
	if err != nil || string(got) != want {
		t.Errorf("%d of %d bytes, %v", len(got), len(want), err)
	}
}
