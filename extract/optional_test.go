package extract

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/graph"
	"m365lake/graph/auth"
	"m365lake/graph/cloud"
	"m365lake/internal/clock"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// A stub is a Graph whose answers a test writes itself.
type stub struct {
	clock *clock.Manual
	mu    sync.Mutex
	asked []string // path and query, decoded
	at    []time.Time
	level []string // ConsistencyLevel of each request
}

// serveStub serves Graph with answer, and a token.
func serveStub(t *testing.T, answer func(path string) (status int, body string)) (*stub, *graph.Client) {
	t.Helper()
	s := &stub{clock: clock.NewSkipping(time.Now())}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/token") {
			fmt.Fprint(w, `{"token_type":"Bearer","expires_in":3599,"access_token":"token"}`)
			return
		}
		path := r.URL.Path
		if r.URL.RawQuery != "" {
			path += "?" + strings.ReplaceAll(r.URL.RawQuery, "%20", " ")
		}
		s.mu.Lock()
		s.asked, s.at, s.level = append(
			s.asked,
			path,
		), append(
			s.at,
			s.clock.Now(),
		), append(
			s.level,
			r.Header.Get("ConsistencyLevel"),
		)
		s.mu.Unlock()
		status, body := answer(path)
		w.WriteHeader(status)
		fmt.Fprint(w, strings.ReplaceAll(body, "{host}", "http://"+r.Host))
	}))
	t.Cleanup(server.Close)
	cloud, err := cloud.Custom(server.URL, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client, err := graph.New(graph.Options{Cloud: cloud, BaseDelay: time.Millisecond, Credentials: auth.Credentials{
		TenantID: "12345678-1234-4234-8234-123456789012", ClientID: "12345678-1234-4234-8234-123456789012", ClientSecret: "x",
	}})
	if err != nil {
		t.Fatal(err)
	}
	return s, client
}

func refusal(code, message string) string {
	return fmt.Sprintf(`{"error":{"code":%q,"message":%q}}`, code, message)
}

func source(t *testing.T, name string) Source {
	t.Helper()
	all := append(Directory(), SignInActivity(SignInPace()), RoleMembers("g"))
	i := slices.IndexFunc(all, func(s Source) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("there is no source %s", name)
	}
	return all[i]
}

// Managers come whole when Graph does not let us choose their id alone.
func TestFallback(t *testing.T) {
	s, client := serveStub(t, func(path string) (int, string) {
		if strings.Contains(path, "manager($select=id)") {
			return 400, refusal("Request_BadRequest", "nested select")
		}
		return 200, `{"value":[{"id":"a","manager":{"id":"b"}}]}`
	})
	dir := filepath.Join(t.TempDir(), "raw")
	run := newRun(t, client, dir, source(t, Users))
	results, err := run.Do(t.Context())
	if err != nil || results[0].Err != nil || results[0].Entry.Rows != 1 {
		t.Fatalf("%+v, %v", results, err)
	}
	// The third question is how many there are.
	if len(s.asked) != 3 || !strings.HasSuffix(s.asked[1], "&$expand=manager") || results[0].Entry.Path != s.asked[1] {
		t.Errorf("asked %q, entry %+v", s.asked, results[0].Entry)
	}
	if results, err = run.Do(t.Context()); err != nil || !results[0].Resumed || len(s.asked) != 3 {
		t.Errorf("the file of the fallback was not used again: %+v, %v", results, err)
	}
}

// Copilot's report is asked for as before its second version where Graph does not know that; a
// refusal that is none of the version's is not asked again.
func TestFallbackToTheFirstVersion(t *testing.T) {
	for _, test := range []struct {
		name, refuse string // what is refused, and how
		status       int
		want         []string
		rows         int64
	}{
		{"version 2", "", 0, []string{"(period='D28',version='v2')"}, 1},
		{"version 1", "version=", 400, []string{"(period='D28',version='v2')", "(period='D30')"}, 1},
		{"neither", "copilot", 400, []string{"(period='D28',version='v2')", "(period='D30')"}, 0},
		{"forbidden", "copilot", 403, []string{"(period='D28',version='v2')"}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, client := serveStub(t, func(path string) (int, string) {
				if test.refuse != "" && strings.Contains(path, test.refuse) {
					return test.status, refusal(
						"BadRequest",
						"Resource not found for the segment 'getMicrosoft365CopilotUsageUserDetail'.",
					)
				}
				return 200, "Report Refresh Date\r\n2026-11-18\r\n"
			})
			sources := ReportSources([]*reports.Report{reports.CopilotUsageUserDetail}, []schemas.Period{30})
			run := newRun(t, client, filepath.Join(t.TempDir(), "raw"), sources...)
			results, err := run.Do(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var asked []string
			for _, path := range s.asked {
				asked = append(asked, strings.TrimPrefix(path, "/v1.0/copilot/reports/getMicrosoft365CopilotUsageUserDetail"))
			}
			if diff := cmp.Diff(test.want, asked); diff != "" {
				t.Error(diff)
			}
			got := results[0]
			if got.Entry.Rows != test.rows || (got.Err == nil) != (test.rows == 1) ||
				got.FellBack() != (test.name == "version 1") {
				t.Errorf("%+v", got)
			}
			if test.name != "version 1" {
				return
			}
			if results, err = run.Do(t.Context()); err != nil || !results[0].Resumed || !results[0].FellBack() ||
				len(s.asked) != 2 {
				t.Errorf("gone on with: %+v, %v", results, err)
			}
		})
	}
}

// What nobody can have is skipped, and not asked for again by a run that goes on; what somebody can
// grant has failed.
func TestOptionalSources(t *testing.T) {
	nonPremium := refusal(
		"Authentication_RequestFromNonPremiumTenantOrB2CTenant",
		"Neither tenant is B2C or tenant doesn't have premium license",
	)
	denied := refusal("Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
	for _, test := range []struct {
		name, source string
		status       int
		body         string
		want         Status
		asked        int
		detail       string
	}{
		{"no premium", SignIns, 403, nonPremium, Skipped, 4, "no Entra ID P1 or P2 licence"},
		{"no permission for sign-ins", SignIns, 403, denied, Failed, 1, "needs the application permission AuditLog.Read.All"},
		{"no permission for the settings", ReportSettings, 403, denied, Skipped, 1, "ReportSettings.Read.All"},
		{"not in this cloud", ReportSettings, 400,
			refusal("BadRequest", "Resource not found for the segment 'reportSettings'."), Skipped, 1, "does not offer it"},
		{"no permission for groups", LicenseGroups, 403, denied, Failed, 1, "Group.Read.All"},
		{"a filter that is refused", LicenseGroups, 400, refusal("Request_UnsupportedQuery", "no"), Failed, 2,
			"Request_UnsupportedQuery"},
		{"no permission for roles", RoleAssignments, 403, denied, Failed, 1, "RoleManagement.Read.Directory"},
		{"roles not found", RoleDefinitions, 404, refusal("Request_ResourceNotFound", "no"), Failed, 1, "404"},
		{"an application that holds a role", RoleMembers("g").Name, 404, refusal("Request_ResourceNotFound", "no"), Skipped,
			1, "no group"},
		{"a source nobody can do without", Subscriptions, 400,
			refusal("BadRequest", "Resource not found for the segment 'directory'."), Failed, 1, "400"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, client := serveStub(t, func(string) (int, string) { return test.status, test.body })
			run := newRun(t, client, filepath.Join(t.TempDir(), "raw"), source(t, test.source))
			for i := range 2 {
				results, err := run.Do(t.Context())
				if err != nil || results[0].Err == nil || results[0].Entry.Status != test.want ||
					!strings.Contains(results[0].Err.Error(), test.detail) {
					t.Fatalf("%+v, %v", results, err)
				}
				if again := i == 1 && test.want == Skipped; results[0].Resumed != again {
					t.Errorf("resumed: %t", results[0].Resumed)
				}
			}
			want := test.asked
			if test.want == Failed {
				want *= 2
			}
			if len(s.asked) != want {
				t.Errorf("%d requests instead of %d", len(s.asked), want)
			}
		})
	}
}

// pages answers with n pages of one value each.
func pages(n int) func(string) (int, string) {
	return func(path string) (int, string) {
		_, token, _ := strings.Cut(path, "page=")
		at := 1
		_, _ = fmt.Sscan(token, &at)
		if at < n {
			return 200, fmt.Sprintf(`{"value":[{"id":"%d"}],"@odata.nextLink":"{host}/v1.0/x?page=%d"}`, at, at+1)
		}
		return 200, fmt.Sprintf(`{"value":[{"id":"%d"}]}`, at)
	}
}

// A source with a pace of its own never passes it, and does not wait after its last page.
func TestPace(t *testing.T) {
	const window = time.Minute
	s, client := serveStub(t, pages(6))
	run := newRun(t, client, filepath.Join(t.TempDir(), "raw"), SignInActivity(Pace{Calls: 3, Window: window}))
	run.Clock = s.clock
	var waits int
	run.OnPace = func(Source, time.Duration) { waits++ }
	results, err := run.Do(t.Context())
	if err != nil || results[0].Err != nil || results[0].Entry.Rows != 6 {
		t.Fatalf("%+v, %v", results, err)
	}
	for i := 3; i < len(s.at); i++ {
		if apart := s.at[i].Sub(s.at[i-3]); apart < window {
			t.Errorf("requests %d and %d are %v apart", i-3, i, apart)
		}
	}
	if waits == 0 {
		t.Error("no wait was announced")
	}

	s, client = serveStub(t, pages(3))
	run = newRun(t, client, filepath.Join(t.TempDir(), "raw"), SignInActivity(Pace{Calls: 3, Window: time.Hour}))
	run.Clock = s.clock
	if results, err = run.Do(t.Context()); err != nil || results[0].Entry.Rows != 3 {
		t.Fatalf("%+v, %v", results, err)
	}
	if slept := s.clock.Slept(); len(slept) != 0 {
		t.Errorf("the run waited %v although no page was left", slept)
	}
	// A run that is stopped does not wait to the end.
	_, client = serveStub(t, pages(4))
	ctx, cancel := context.WithCancelCause(t.Context())
	run = newRun(t, client, filepath.Join(t.TempDir(), "raw"), SignInActivity(Pace{Calls: 3, Window: time.Hour}))
	stopped := errors.New("stopped by the test")
	run.OnPace = func(Source, time.Duration) { cancel(stopped) }
	if _, err = run.Do(ctx); !errors.Is(err, stopped) {
		t.Errorf("a run that was stopped: %v", err)
	}
}

func TestLicenseGroupsAskForEventualConsistency(t *testing.T) {
	s, client := serveStub(t, pages(2))
	run := newRun(t, client, filepath.Join(t.TempDir(), "raw"), source(t, LicenseGroups), source(t, RoleAssignments))
	if _, err := run.Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, path := range s.asked {
		if strings.HasPrefix(path, "/v1.0/groups") &&
			(s.level[i] != "eventual" || !strings.Contains(path, "$filter=assignedLicenses/$count ne 0&$count=true")) {
			t.Errorf("%s with %q", path, s.level[i])
		}
		if strings.HasPrefix(path, "/v1.0/role") && s.level[i] != "" {
			t.Errorf("%s with %q", path, s.level[i])
		}
	}
	if levels := slices.Clone(s.level); len(levels) != 4 || strings.Count(strings.Join(levels, ","), "eventual") < 1 {
		t.Errorf("levels %q", levels)
	}
}

// A Graph that refuses the filter sends all groups.
func TestLicenseGroupsWithoutFilter(t *testing.T) {
	s, client := serveStub(t, func(path string) (int, string) {
		if strings.Contains(path, "$filter") {
			return 400, refusal("Request_UnsupportedQuery", "Unsupported Query.")
		}
		return 200, `{"value":[{"id":"a","assignedLicenses":[]},{"id":"b","assignedLicenses":[{"skuId":"s"}]}]}`
	})
	results, err := newRun(t, client, filepath.Join(t.TempDir(), "raw"), source(t, LicenseGroups)).Do(t.Context())
	if err != nil || results[0].Err != nil || !results[0].FellBack() || results[0].Entry.Rows != 2 {
		t.Fatalf("%+v, %v", results, err)
	}
	if len(s.asked) != 2 || !strings.HasSuffix(s.asked[1], "membershipRule&$top=999") {
		t.Errorf("asked %q", s.asked)
	}
}

// A run that is interrupted twice, the second time before it comes to what the first had followed, asks
// for nothing again.
func TestFollowAfterTwoInterruptions(t *testing.T) {
	var stop context.CancelCauseFunc
	var at string // the path that the run does not survive
	s, client := serveStub(t, func(path string) (int, string) {
		if at != "" && strings.Contains(path, at) {
			stop(errors.New("stopped by the test"))
		}
		return 200, `{"value":[]}`
	})
	dir := filepath.Join(t.TempDir(), "raw")
	do := func(sources ...Source) error {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		stop = cancel
		run := newRun(t, client, dir, sources...)
		run.Jobs = 1
		run.Follow = func([]Result) []Source { return []Source{RoleMembers("a"), RoleMembers("b")} }
		_, err := run.Do(ctx)
		return err
	}
	assignments, organization := source(t, RoleAssignments), source(t, Organization)
	at = "groups/b"
	if err := do(assignments); err == nil || len(s.asked) != 3 {
		t.Fatalf("%v, asked %q", err, s.asked)
	}
	at = "organization"
	if err := do(assignments, organization); err == nil || len(s.asked) != 4 {
		t.Fatalf("%v, asked %q", err, s.asked)
	}
	at = ""
	if err := do(assignments, organization); err != nil {
		t.Fatal(err)
	}
	const members = "/transitiveMembers/microsoft.graph.user?$select=id"
	if diff := cmp.Diff([]string{"/v1.0/organization", "/v1.0/groups/b" + members}, s.asked[4:]); diff != "" {
		t.Errorf("asked again: %s", diff)
	}

	// What was published is asked for again.
	if err := MarkPublished(dir); err != nil {
		t.Fatal(err)
	}
	at = "organization"
	if err := do(assignments, organization); err == nil {
		t.Fatal("not stopped")
	}
	at = ""
	if err := do(assignments, organization); err != nil {
		t.Fatal(err)
	}
	asked := slices.Sorted(slices.Values(s.asked[8:]))
	if diff := cmp.Diff([]string{"/v1.0/groups/a" + members, "/v1.0/groups/b" + members, "/v1.0/organization"},
		asked); diff != "" {
		t.Errorf("asked after it was published: %s", diff)
	}
}

// The answers to the first sources lead to others, of the same folder and manifest.
func TestFollow(t *testing.T) {
	s, client := serveStub(t, func(string) (int, string) { return 200, `{"value":[]}` })
	dir := filepath.Join(t.TempDir(), "raw")
	run := newRun(t, client, dir, source(t, RoleAssignments))
	run.Follow = func(done []Result) []Source {
		if len(done) != 1 || done[0].Source.Name != RoleAssignments {
			t.Errorf("followed %+v", done)
		}
		return []Source{RoleMembers("a"), RoleMembers("b")}
	}
	for range 2 {
		results, err := run.Do(t.Context())
		if err != nil || len(results) != 3 {
			t.Fatalf("%+v, %v", results, err)
		}
	}
	slices.Sort(s.asked)
	if diff := cmp.Diff([]string{
		"/v1.0/groups/a/transitiveMembers/microsoft.graph.user?$select=id",
		"/v1.0/groups/b/transitiveMembers/microsoft.graph.user?$select=id",
		"/v1.0/roleManagement/directory/roleAssignments",
	}, s.asked); diff != "" {
		t.Error(diff)
	}
	manifest, err := ReadManifest(dir)
	if err != nil || len(manifest.Entries) != 3 {
		t.Errorf("%+v, %v", manifest, err)
	}
}
