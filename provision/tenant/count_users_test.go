package tenant

import (
	"fmt"
	"io"
	"m365lake/graph/auth"
	"m365lake/graph/cloud"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"m365lake/graph"
)

// A tenant that cannot count is counted by listing. Any other failure of the count is an error: a tenant
// whose users may not be read must not count as empty, and one that cannot be reached must not count as small.
func TestUsersAreListedOnlyWhereGraphCannotCount(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   int64 // -1 is an error
	}{
		"counted":         {200, `{"@odata.count": 40, "value": [{"id": "a"}]}`, 40},
		"without a count": {200, `{"value": [{"id": "a"}]}`, 3},
		"unsupported":     {400, `{"error": {"code": "Request_UnsupportedQuery", "message": "count is not supported"}}`, 3},
		"not implemented": {501, `{"error": {"code": "NotImplemented", "message": "no"}}`, 3},
		"forbidden":       {403, `{"error": {"code": "Authorization_RequestDenied", "message": "no"}}`, -1},
		"broken":          {500, `{"error": {"code": "InternalServerError", "message": "no"}}`, -1},
		"not JSON":        {200, `<html>`, -1},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				switch {
				case strings.HasSuffix(r.URL.Path, "/token"):
					fmt.Fprint(w, `{"token_type": "Bearer", "expires_in": 3599, "access_token": "t"}`)
				case r.URL.Query().Get("$count") != "":
					w.WriteHeader(c.status)
					_, _ = io.WriteString(w, c.body)
				default:
					fmt.Fprint(w, `{"value": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}`)
				}
			}))
			defer server.Close()
			client, err := graph.New(graph.Options{
				Cloud: cloud.Cloud{Name: "test", Authority: server.URL, Root: server.URL},
				Credentials: auth.Credentials{TenantID: "11111111-2222-3333-4444-555555555555", ClientID: "client",
					ClientSecret: "secret"},
				BaseDelay: time.Millisecond, MaxTries: 2,
			})
			if err != nil {
				t.Fatal(err)
			}
			users, err := (&Client{Graph: client}).countUsers(t.Context())
			if (err != nil) != (c.want < 0) || err == nil && users != c.want {
				t.Errorf("%d users, %v", users, err)
			}
		})
	}
}
