package main

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A person signs in by both ways, a run goes on with it, and the sign-in is forgotten: nothing that
// was written or said holds a code, a verifier or a token.
func TestSignInOfAPerson(t *testing.T) {
	t.Setenv("TEST_TOKEN_KEY", strings.Repeat("k", 44))
	for _, way := range []string{"browser", "device"} {
		t.Run(way, func(t *testing.T) {
			s := serveSandbox(t, sandboxOptions{users: 10, seed: 4, day: "2026-11-20",
				reports: "reports: [teams_user_activity_detail]\nperiods: [D7]\n"})
			s.signInBy(t, "{delegated: {token_folder: tokens, token_key: {env: TEST_TOKEN_KEY}}}")
			said := connectAs(t, s, way)
			first := s.tokenFile(t)
			holdsNone(t, said, s.beside("tokens"), s.server.Secrets())
			data := filepath.Join(t.TempDir(), "d")
			said = s.sync(t, data, exitGood)
			secrets := s.server.Secrets()
			if known := len(secrets); known < 8 { // four of the sandbox, two access and two refresh tokens
				t.Fatalf("the sandbox knows %d secrets only", known)
			}
			holdsNone(t, said, data, append(secrets, strings.Repeat("k", 44)))
			holdsNone(t, said, s.beside("tokens"), append(secrets, strings.Repeat("k", 44)))
			if bytes.Equal(first, s.tokenFile(t)) {
				t.Error("the run kept the refresh token it had used")
			}
			command(t, exitGood, "disconnect", "--config", s.config)
			if files, err := filepath.Glob(s.beside("tokens/*.json")); err != nil || len(files) != 0 {
				t.Error(files, err)
			}
			// What disconnect removed, no run brings back.
			if said := s.sync(t, data, exitNothing, "--fresh"); !strings.Contains(said,
				"nobody has signed in to tenant sandbox yet") {
				t.Error(said)
			}
		})
	}
}

// tokenFile is the one file of refresh tokens.
func (s *servedSandbox) tokenFile(t *testing.T) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(s.beside("tokens"), s.tenant.ID()+"."+s.tenant.ClientID()+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// connectAs runs m365lake connect with somebody at the browser, and returns what was said.
func connectAs(t *testing.T, s *servedSandbox, way string) string {
	t.Helper()
	args := []string{"connect", "--config", s.config}
	if way != "browser" {
		args = append(args, "--device")
	}
	lines, errs := io.Pipe()
	var out, said bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		code := run(t.Context(), args, strings.NewReader(""), &out, errs, soon)
		errs.Close()
		ended <- code
	}()
	pages := make(chan string, 1)
	scanner := bufio.NewScanner(lines)
	for scanner.Scan() {
		said.WriteString(scanner.Text() + "\n")
		if address, code := promptOf(scanner.Text()); address != "" {
			go func() { pages <- person(way, address, code) }()
		}
	}
	if code := <-ended; code != exitGood {
		t.Fatalf("exit code %d: %s", code, &said)
	}
	page := <-pages
	if !strings.HasPrefix(page, "200 OK") || !strings.Contains(out.String(), "sandbox is connected") {
		t.Errorf("%s\n%s", page, &out)
	}
	return out.String() + said.String() + page
}
