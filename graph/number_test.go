package graph

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	for body, want := range map[string]int64{"193": 193, "\ufeff193": 193, "0\r\n": 0, "-1": -1, `{"value":[]}`: -1,
		"": -1} {
		var level string
		tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) {
			level = r.Header.Get("ConsistencyLevel")
			fmt.Fprint(w, body)
		})
		got, err := tn.client(t).Number(t.Context(), "/v1.0/users/$count")
		switch {
		case level != "eventual":
			t.Errorf("ConsistencyLevel %q", level)
		case want < 0 && (err == nil || !strings.Contains(err.Error(), "is no number")):
			t.Errorf("%q: %d, %v", body, got, err)
		case want >= 0 && (err != nil || got != want):
			t.Errorf("%q: %d, %v", body, got, err)
		}
	}
}
