package main

import (
	"context"
	"io"
	"os"

	"golang.org/x/term"
)

// inputIsTerminal says whether somebody types what is read.
func inputIsTerminal(in io.Reader) bool {
	file, ok := in.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// input is standard input, whose reading ends with the error of ctx when ctx ends: nobody should have to end a
// prompt twice.
func (p *program) input(ctx context.Context) io.Reader {
	return &interruptibleReader{ctx: ctx, in: p.in, read: make(chan readResult, 1)}
}

// An interruptibleReader reads beside the caller. After an interruption a read may still wait, for as long as the
// program runs.
type interruptibleReader struct {
	ctx    context.Context
	in     io.Reader
	read   chan readResult
	unread []byte
}

type readResult struct {
	data []byte
	err  error
}

// Read implements io.Reader.
func (r *interruptibleReader) Read(to []byte) (int, error) {
	if len(r.unread) == 0 {
		go func() {
			data := make([]byte, 32<<10)
			n, err := r.in.Read(data)
			r.read <- readResult{data[:n], err}
		}()
		select {
		case <-r.ctx.Done():
			return 0, r.ctx.Err()
		case got := <-r.read:
			if len(got.data) == 0 {
				return 0, got.err
			}
			r.unread = got.data
		}
	}
	n := copy(to, r.unread)
	r.unread = r.unread[n:]
	return n, nil
}
