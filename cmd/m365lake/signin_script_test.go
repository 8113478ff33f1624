package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"m365lake/sandbox"
)

// signInScriptCommand runs m365lake connect and does what a person would in the browser, over HTTP:
//
//	signin FILE browser|device|decline [flag...]
//
// Standard output and error are the command's, the page behind them; ! wants exit code 3.
func signInScriptCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: signin FILE browser|device|decline [flag...]")
	}
	command := exec.Command(lookPath(ts, "m365lake"),
		append([]string{"connect", "--config", ts.MkAbs(args[0])}, args[2:]...)...)
	command.Dir = ts.MkAbs(".")
	if args[1] != "browser" {
		command.Args = append(command.Args, "--device")
	}
	for _, name := range []string{"PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "TOKEN_KEY", "DBUS_SESSION_BUS_ADDRESS"} {
		command.Env = append(command.Env, name+"="+ts.Getenv(name))
	}
	var out, said bytes.Buffer
	command.Stdout = &out
	errs, err := command.StderrPipe()
	ts.Check(err)
	ts.Check(command.Start())
	defer command.Process.Kill() // it may have ended
	pages := make(chan string, 1)
	lines := bufio.NewScanner(errs)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if address, code := promptOf(lines.Text()); address != "" {
			go func() { pages <- person(args[1], address, code) }()
		}
	}
	err = command.Wait()
	io.Copy(ts.Stdout(), &out)
	io.Copy(ts.Stderr(), &said)
	select {
	case page := <-pages:
		io.WriteString(ts.Stderr(), page)
	case <-time.After(5 * time.Second):
		ts.Fatalf("the browser has no answer; the command said %s", &said)
	}
	if code := command.ProcessState.ExitCode(); neg && code != exitNothing || !neg && err != nil {
		ts.Fatalf("exit code %d: %s", code, &said)
	}
}

func lookPath(ts *testscript.TestScript, name string) string {
	for _, folder := range filepath.SplitList(ts.Getenv("PATH")) {
		if found, err := exec.LookPath(filepath.Join(folder, name)); err == nil {
			return found
		}
	}
	ts.Fatalf("no %s in the PATH", name)
	return ""
}

var devicePrompt = regexp.MustCompile(`open (\S+) in any browser and enter the code (\S+)$`)

// promptOf finds what a line asks a person to open, and to type there.
func promptOf(line string) (address, code string) {
	if strings.HasPrefix(line, "http://") {
		return line, ""
	}
	if m := devicePrompt.FindStringSubmatch(line); m != nil {
		return m[1], m[2]
	}
	return "", ""
}

// person is the browser and who sits before it. It returns the page that is shown in the end.
func person(way, address, code string) string {
	client := &http.Client{Timeout: 20 * time.Second}
	var resp *http.Response
	var err error
	switch way {
	case "browser":
		resp, err = client.Get(address)
	case "device":
		time.Sleep(1300 * time.Millisecond) // the first poll finds nobody there yet
		resp, err = client.PostForm(address, url.Values{"otc": {strings.ToLower(code)}})
	default:
		resp, err = client.PostForm(address, url.Values{"otc": {code}, "decline": {"1"}})
	}
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return resp.Status + " " + string(page)
}

// revokeScriptCommand ends all refresh tokens, as an administrator would: revoke FILE
func revokeScriptCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: revoke FILE")
	}
	server, ok := servers.Load(ts.MkAbs(args[0]))
	if !ok {
		ts.Fatalf("no sandbox wrote %s", args[0])
	}
	server.(*sandbox.Server).RevokeSignIns()
}
