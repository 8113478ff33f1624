package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	roleGroup = "99999999-0000-4000-8000-000000000009"
	roleRobot = "eeeeeeee-0000-4000-8000-000000000005"
)

// answerBefore puts a Graph with answers of its own before the sandbox's; paths without one go on.
func (s *servedSandbox) answerBefore(t *testing.T, answer func(path string) (status int, body string)) {
	t.Helper()
	behind, err := url.Parse(s.server.URL())
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(behind)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status, body := answer(r.URL.Path); status != 0 {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			fmt.Fprint(w, body)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	text, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, s.config, strings.ReplaceAll(string(text), s.server.URL(), front.URL))
}

// Roles are held directly and through groups, whose members are asked for in a second wave; a group
// that may not be read is a gap and keeps the roles of before.
func TestRoles(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 30, seed: 4, day: "2026-11-20"})
	data := filepath.Join(t.TempDir(), "data")
	s.sync(t, data, exitGood)
	ids := answer(t, data, "SELECT user_id FROM users ORDER BY user_key LIMIT 2")[1:]

	refuse := false
	s.answerBefore(t, func(path string) (int, string) {
		switch path {
		case "/v1.0/roleManagement/directory/roleDefinitions":
			return 200, `{"value":[{"id":"r1","displayName":"Global Administrator","isBuiltIn":true}]}`
		case "/v1.0/roleManagement/directory/roleAssignments":
			var list []string
			for _, principal := range []string{ids[0], roleGroup, roleRobot} {
				list = append(list, `{"principalId":"`+principal+`","roleDefinitionId":"r1","directoryScopeId":"/"}`)
			}
			return 200, `{"value":[` + strings.Join(list, ",") + `]}`
		case "/v1.0/groups/" + roleGroup + "/transitiveMembers/microsoft.graph.user":
			if refuse {
				return 403, `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the ` +
					`operation."}}`
			}
			return 200, `{"value":[{"id":"` + ids[1] + `"}]}`
		case "/v1.0/groups/" + roleRobot + "/transitiveMembers/microsoft.graph.user":
			return 404, `{"error":{"code":"Request_ResourceNotFound","message":"Resource does not exist."}}`
		}
		return 0, ""
	})
	s.sync(t, data, exitGood)
	const question = "SELECT user_id, role_name, scope, through_group_id FROM user_roles JOIN users USING (tenant_id, " +
		"user_key) ORDER BY user_key"
	want := []string{"user_id,role_name,scope,through_group_id", ids[0] + ",Global Administrator,/,", ids[1] +
		",Global Administrator,/," + roleGroup}
	if diff := cmp.Diff(want, answer(t, data, question)); diff != "" {
		t.Fatal(diff)
	}
	refuse = true
	if out := s.sync(t, data, exitGaps); !strings.Contains(out, "role_members_"+roleGroup+": failed: ") ||
		!strings.Contains(out, "the earlier roles are kept") {
		t.Error(out)
	}
	if diff := cmp.Diff(want, answer(t, data, question)); diff != "" {
		t.Fatal(diff)
	}
	if got := answer(t, data, "SELECT failed_sources FROM runs ORDER BY started_at DESC LIMIT 1"); got[1] != "1" {
		t.Errorf("failed sources: %v", got)
	}
}
