package extract

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/graph"
	"m365lake/graph/auth"
	"m365lake/graph/cloud"
	"m365lake/sandbox"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

var testDay = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// serve is a sandbox tenant and a client that is signed in to it.
func serve(t *testing.T, users int, faults ...string) (*graph.Client, *sandbox.Tenant, *sandbox.Server) {
	t.Helper()
	tenant, err := sandbox.New(
		sandbox.Options{Users: users, Seed: 3, Faults: faults, Today: func() time.Time { return testDay }},
	)
	if err != nil {
		t.Fatal(err)
	}
	server, err := tenant.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	cloud, err := cloud.Custom(server.URL(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	client, err := graph.New(graph.Options{
		Cloud: cloud, BaseDelay: time.Millisecond,
		Credentials: auth.Credentials{
			TenantID:     tenant.ID(),
			ClientID:     tenant.ClientID(),
			ClientSecret: tenant.ClientSecret(),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, tenant, server
}

func newRun(t *testing.T, client *graph.Client, dir string, sources ...Source) Run {
	t.Helper()
	return Run{Client: client, Dir: dir, TenantID: "tenant", Day: testDay, ID: "run-1", Sources: sources, Jobs: 4}
}

func teams() Source {
	return ReportSources([]*reports.Report{reports.TeamsUserActivityDetail}, []schemas.Period{7})[0]
}

func readRaw(t *testing.T, path string) []byte {
	t.Helper()
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// received asks the sandbox without the pipeline's client.
func received(t *testing.T, server *sandbox.Server, tenant *sandbox.Tenant, path string) []byte {
	t.Helper()
	form := "grant_type=client_credentials&client_id=" + tenant.ClientID() + "&client_secret=" + tenant.ClientSecret() +
		"&scope=" + server.URL() + "/.default"
	resp, err := http.Post(
		server.URL()+"/"+tenant.ID()+"/oauth2/v2.0/token",
		"application/x-www-form-urlencoded",
		strings.NewReader(form),
	)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	_, rest, _ := bytes.Cut(body, []byte(`"access_token":"`))
	token, _, _ := bytes.Cut(rest, []byte(`"`))
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, _ := http.NewRequest(http.MethodGet, server.URL()+path, nil)
	req.Header.Set("Authorization", "Bearer "+string(token))
	if resp, err = client.Do(req); err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if location := resp.Header.Get("Location"); location != "" {
		if resp, err = http.Get(location); err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
	}
	content, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v %s", path, resp.StatusCode, err, content)
	}
	return content
}

// Raw files hold what Graph sent, byte for byte, and the manifest says so.
func TestRawFilesAreAsReceived(t *testing.T) {
	client, tenant, server := serve(t, 40)
	dir := filepath.Join(t.TempDir(), "raw")
	skus, report := Directory()[1], teams()
	results, err := newRun(t, client, dir, skus, report).Do(t.Context())
	if err != nil || len(results) != 2 {
		t.Fatalf("%v, %v", results, err)
	}
	manifest, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if manifest.TenantID != "tenant" || manifest.RunDay != "2026-11-20" || manifest.RunID != "run-1" ||
		manifest.Published {
		t.Errorf("manifest %+v", manifest)
	}
	for _, s := range []Source{skus, report} {
		want := received(t, server, tenant, s.Path)
		got := readRaw(t, filepath.Join(dir, s.File()))
		if s.Report == nil {
			want = append(want, '\n')
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes are not the %d received", s.Name, len(got), len(want))
		}
		entry, _ := manifest.Entry(s.Name)
		info, err := os.Stat(filepath.Join(dir, s.File()))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%v, %v", info, err)
		}
		sum := sha256.Sum256(want)
		rows := int64(bytes.Count(want, []byte("\r\n")) - 1)
		if s.Report == nil {
			rows = int64(bytes.Count(want, []byte(`"skuPartNumber"`)))
		}
		if diff := cmp.Diff(Entry{
			Source: s.Name, Status: Complete, File: s.File(), Path: s.Path, RequestID: entry.RequestID,
			Rows: rows, Bytes: int64(len(want)), SHA256: hex.EncodeToString(sum[:]),
			Stored: info.Size(), PulledAt: entry.PulledAt,
		}, entry); diff != "" || entry.RequestID == "" || entry.PulledAt.IsZero() {
			t.Errorf("entry of %s: %s", s.Name, diff)
		}
	}
}

// A run goes on from whole files of the same question, unless they were published or it begins afresh.
func TestResume(t *testing.T) {
	client, _, server := serve(t, 30)
	dir := filepath.Join(t.TempDir(), "raw")
	skus, report := Directory()[1], teams()
	asked := func(run Run, want int) {
		t.Helper()
		before := len(server.Requests())
		results, err := run.Do(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			if r.Err != nil || r.Entry.Status != Complete {
				t.Fatalf("%+v", r)
			}
		}
		if got := len(server.Requests()) - before; got != want {
			t.Errorf("%d requests instead of %d", got, want)
		}
	}
	run := newRun(t, client, dir, skus, report)
	asked(run, 4) // the token, the SKUs, and two for the report
	asked(run, 0)

	run.Fresh = true
	asked(run, 3)
	run.Fresh = false

	other := skus
	other.Path += "?$select=skuId,skuPartNumber"
	asked(newRun(t, client, dir, other, report), 1) // another question
	asked(run, 1)

	if err := os.Truncate(filepath.Join(dir, report.File()), 100); err != nil {
		t.Fatal(err)
	}
	asked(run, 2) // a file that is not whole
	if err := os.Remove(filepath.Join(dir, skus.File())); err != nil {
		t.Fatal(err)
	}
	asked(run, 1)

	// Published: asked again, but for a report that was pulled just now.
	if err := MarkPublished(dir); err != nil {
		t.Fatal(err)
	}
	run.ReuseReportsFor = time.Hour
	asked(run, 1)
	if err := MarkPublished(dir); err != nil {
		t.Fatal(err)
	}
	run.ReuseReportsFor = 0
	asked(run, 3)

	if err := os.WriteFile(filepath.Join(dir, "manifest.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadManifest(dir); err == nil || !strings.Contains(err.Error(), "delete it and run sync again") {
		t.Errorf("a broken manifest: %v", err)
	}
	asked(run, 3)
}

// One source that Graph refuses does not stop the others.
func TestRefusedSource(t *testing.T) {
	client, _, _ := serve(t, 30, "report_forbidden:getTeamsUserActivityUserDetail")
	dir := filepath.Join(t.TempDir(), "raw")
	results, err := newRun(t, client, dir, Directory()[1], teams()).Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		var refused *graph.Error
		if r.Source.Report == nil {
			if r.Err != nil {
				t.Error(r.Err)
			}
		} else if !errors.As(r.Err, &refused) || refused.Status != http.StatusForbidden ||
			!strings.Contains(r.Err.Error(), "needs the application permission Reports.Read.All") {
			t.Errorf("the report ended with %v", r.Err)
		}
	}
	manifest, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if entry, _ := manifest.Entry(teams().Name); entry.Status != Failed || entry.Error == "" || entry.File != "" {
		t.Errorf("%+v", entry)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 2 {
		t.Errorf("the folder holds %v", files)
	}
}

// A listing whose page token expired is begun anew, and nobody is listed twice.
func TestExpiredPageToken(t *testing.T) {
	client, _, _ := serve(t, 2500, "expired_page_token")
	dir := filepath.Join(t.TempDir(), "raw")
	users := Directory()[3]
	results, err := newRun(t, client, dir, users).Do(t.Context())
	if err != nil || results[0].Err != nil || results[0].Entry.Rows != 2500 {
		t.Fatalf("%+v, %v", results, err)
	}
	if got := bytes.Count(readRaw(t, filepath.Join(dir, users.File())), []byte(`"userPrincipalName"`)); got != 2500 {
		t.Errorf("the raw file lists %d users", got)
	}
}

// A download that breaks off leaves no file.
func TestTruncatedDownload(t *testing.T) {
	client, _, _ := serve(t, 60, "truncated_download:getTeamsUserActivityUserDetail")
	dir := filepath.Join(t.TempDir(), "raw")
	results, err := newRun(t, client, dir, teams()).Do(t.Context())
	if err != nil || results[0].Err == nil || !strings.Contains(results[0].Err.Error(), "broke off after") {
		t.Fatalf("%+v, %v", results, err)
	}
	if _, err := os.Stat(filepath.Join(dir, teams().File())); !os.IsNotExist(err) {
		t.Errorf("the file is there: %v", err)
	}
}

// A fault of this machine is an error, not a failed source; so is a cancelled run.
func TestLocalFaults(t *testing.T) {
	client, _, _ := serve(t, 30)
	dir := filepath.Join(t.TempDir(), "raw")
	if err := os.MkdirAll(filepath.Join(dir, teams().File()), 0o700); err != nil { // a folder where the file should be
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, teams().File(), "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := newRun(t, client, dir, teams()).Do(t.Context()); err == nil ||
		!strings.Contains(err.Error(), teams().Name) {
		t.Errorf("a folder in the way: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := fmt.Errorf("stopped by the test")
	cancel(cause)
	if _, err := newRun(t, client, filepath.Join(t.TempDir(), "raw"), Directory()...).Do(ctx); !errors.Is(err, cause) {
		t.Errorf("a cancelled run: %v", err)
	}
}
