package deploy

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A second run refuses while the first is at work, asks Graph nothing, and leaves the first alone.
func TestOverlappingRunIsRefused(t *testing.T) {
	served := serveTenant(t)
	door := holdSignIns(t, served.config)
	data := filepath.Join(t.TempDir(), "data")
	command := []string{"sync", "--config", served.config, "--data", data}

	first := exec.CommandContext(t.Context(), program, command...)
	var said bytes.Buffer
	first.Stdout, first.Stderr = &said, &said
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		holder, err := os.ReadFile(filepath.Join(data, "run.lock"))
		if err == nil && len(holder) > 0 && door.asked.Load() > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the first run has not locked the data folder and asked for a token")
		}
	}
	before := door.asked.Load()
	if out := wantExit(t, 3, exec.Command(program, command...)); !strings.Contains(out, "another run (process ") {
		t.Errorf("the second run says %s", out)
	}
	if asked := door.asked.Load() - before; asked != 0 {
		t.Errorf("%d requests for a token came while the second run refused", asked)
	}
	door.open()
	if err := first.Wait(); err != nil {
		t.Fatalf("the first run: %v\n%s", err, &said)
	}
	wantPublished(t, data)
}

// heldSignIns stand before the sandbox's sign-in. Nobody gets a token, and so nothing of Graph, until open is
// called.
type heldSignIns struct {
	asked atomic.Int32 // requests that came
	open  func()
}

var authority = regexp.MustCompile(`authority: "([^"]+)"`)

// holdSignIns changes the configuration so that runs sign in through what it returns.
func holdSignIns(t *testing.T, config string) *heldSignIns {
	t.Helper()
	text := read(t, config)
	found := authority.FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("the configuration names no authority:\n%s", text)
	}
	behind, err := url.Parse(found[1])
	if err != nil {
		t.Fatal(err)
	}
	opened := make(chan struct{})
	held := &heldSignIns{open: sync.OnceFunc(func() { close(opened) })}
	proxy := httputil.NewSingleHostReverseProxy(behind)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		held.asked.Add(1)
		<-opened
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(held.open)
	write(t, config, strings.Replace(text, found[0], `authority: "`+server.URL+`"`, 1), 0o600)
	return held
}
