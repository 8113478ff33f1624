package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// An inbox is a server that keeps what it is sent.
type inbox struct {
	*httptest.Server
	mu       sync.Mutex
	requests []inboxRequest
}

type inboxRequest struct{ method, url, body string }

func newInbox() *inbox {
	i := &inbox{}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		i.mu.Lock()
		defer i.mu.Unlock()
		i.requests = append(i.requests, inboxRequest{r.Method, r.URL.String(), string(body)})
		if strings.Contains(r.URL.Path, "refuse") {
			http.Error(w, "you sent "+r.URL.String(), http.StatusForbidden)
		}
	}))
	return i
}

// take empties the inbox.
func (i *inbox) take() []inboxRequest {
	i.mu.Lock()
	defer i.mu.Unlock()
	taken := i.requests
	i.requests = nil
	return taken
}

// inboxes are those of the scripts under way, by their work folder.
var inboxes sync.Map

// receiveScriptCommand opens an inbox and says in $INBOX where: receive
func receiveScriptCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: receive")
	}
	i := newInbox()
	ts.Defer(i.Close)
	ts.Setenv("INBOX", i.URL)
	inboxes.Store(ts.MkAbs("."), i)
}

// receivedScriptCommand empties the inbox into a file, a line for each request before its body:
// received FILE
func receivedScriptCommand(ts *testscript.TestScript, neg bool, args []string) {
	i, ok := inboxes.Load(ts.MkAbs("."))
	if neg || len(args) != 1 || !ok {
		ts.Fatalf("usage: received FILE, after receive")
	}
	var text strings.Builder
	for _, r := range i.(*inbox).take() {
		fmt.Fprintf(&text, "%s %s\n%s\n", r.method, r.url, strings.TrimSuffix(r.body, "\n"))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text.String()), 0o600))
}

// nowhereScriptCommand wants no file of a folder to have a text in it: nowhere TEXT FOLDER
func nowhereScriptCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: nowhere TEXT FOLDER")
	}
	files := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[1]), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(args[0])) {
			ts.Fatalf("%s stands in %s", args[0], path)
		}
		return err
	}))
	if files == 0 {
		ts.Fatalf("%s has no files", args[1])
	}
}
