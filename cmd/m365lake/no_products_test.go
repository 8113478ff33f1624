package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A tenant that has no product and no subscription any more shows none, also when that is seen by a second run
// of the day. A Graph that does not answer changes nothing, and a list without products while users hold some is
// believed only when the configuration says so.
func TestProductsThatAreGone(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 30, seed: 4, day: "2026-11-20"})
	data := filepath.Join(t.TempDir(), "data")
	const question = "SELECT (SELECT count(*) FROM skus_current) > 0 AS products, (SELECT count(*) FROM renewals) > 0 " +
		"AS subscriptions"
	expect := func(when, want string) {
		t.Helper()
		if diff := cmp.Diff([]string{"products,subscriptions", want}, answer(t, data, question)); diff != "" {
			t.Errorf("%s: %s", when, diff)
		}
	}
	s.sync(t, data, exitGood)
	expect("first run", "true,true")

	const refused = `{"error":{"code":"Authorization_RequestDenied","message":"no"}}`
	status, body := 403, refused
	s.answerBefore(t, func(path string) (int, string) {
		if path == "/v1.0/subscribedSkus" || path == "/v1.0/directory/subscriptions" {
			return status, body
		}
		return 0, ""
	})
	s.day = "2026-11-21"
	s.sync(t, data, exitGaps)
	expect("refused", "true,true")

	status, body = 200, `{"value":[]}`
	s.sync(t, data, exitGaps, "--fresh")
	expect("none, while users hold products", "true,true")

	config, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, s.config, string(config)+"trust: {max_listing_shrink_percent: 100}\n")
	s.sync(t, data, exitGood, "--fresh")
	expect("none, and told to believe it", "false,false")

	status, body = 403, refused
	s.day = "2026-11-22"
	s.sync(t, data, exitGaps)
	expect("refused after none", "false,false")
}
