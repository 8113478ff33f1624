package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A run that is interrupted is a failure of the health check, and everybody hears of it.
func TestInterruptedRunIsTold(t *testing.T) {
	s := serveSandbox(t, sandboxOptions{users: 20, seed: 7, day: "2026-11-20"})
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var mu sync.Mutex
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		title, _, _ := strings.Cut(body.String(), "\n")
		mu.Lock()
		defer mu.Unlock()
		got = append(got, r.URL.Path+" "+title)
		if len(got) == 2 {
			interrupt() // as the first tenant signs in
		}
	}))
	defer server.Close()
	// The sign-in page is the test's own server, so that the interruption comes in the middle of a run.
	text, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	config := strings.Replace(string(text), `authority: "`+s.server.URL(), `authority: "`+server.URL, 1)
	write(t, s.config, config+"notify: {urls: [{env: HOOK}], healthcheck: {env: CHECK}, when: trouble}\n")
	t.Setenv("HOOK", "generic+"+server.URL+"/hook")
	t.Setenv("CHECK", server.URL+"/check")
	var out, errs bytes.Buffer
	if code := run(ctx, []string{"sync", "--config", s.config, "--data", t.TempDir(), "--run-day", s.day},
		strings.NewReader(""), &out, &errs, soon); code != exitInterrupted {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	if len(got) != 4 || got[0] != "/check/start " || !strings.Contains(got[1], "/oauth2/v2.0/token") {
		t.Fatalf("%q", got)
	}
	told := got[2:]
	slices.Sort(told)
	const title = " m365lake 2026-11-20: interrupted"
	if want := []string{"/check/fail" + title, "/hook" + title}; !slices.Equal(told, want) {
		t.Errorf("%q", told)
	}
}
