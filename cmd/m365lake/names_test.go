package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The list comes over HTTP; an answer that is not the list says how to do without.
func TestNamesRefreshFetches(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/list.csv" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte("Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id," +
			"Service_Plans_Included_Friendly_Names\n" +
			"Brand New,BRAND_NEW,aaaaaaaa-0000-4000-8000-00000000000a,TEAMS1,57ff2da0-773e-42df-b2af-ffb7a2317929,Microsoft " +
			"Teams\n"))
	}))
	t.Cleanup(server.Close)
	data := t.TempDir()
	if out := command(t, exitGood, "names", "refresh", "--data", data, "--from",
		server.URL+"/list.csv"); !strings.Contains(out, "new: BRAND_NEW: Brand New (paid)") {
		t.Error(out)
	}
	if out := command(t, exitNothing, "names", "refresh", "--data", data, "--from",
		server.URL+"/blocked"); !strings.Contains(
		out, "403 Forbidden; fetch the list in a browser and give the file with --from") {
		t.Error(out)
	}
}
