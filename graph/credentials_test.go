package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
)

func TestSecretIsNeverShown(t *testing.T) {
	tn := newTenant(t, func(w http.ResponseWriter, r *http.Request) { writeJSON(w, 200, map[string]any{"value": []int{}}) })
	c := tn.client(t)
	if _, err := list(t.Context(), c, "/v1.0/users"); err != nil { // so that a token is inside
		t.Fatal(err)
	}
	o := Options{Cloud: clouds[0], Credentials: testCredentials}
	var shown bytes.Buffer
	for _, v := range []any{testCredentials, &testCredentials, o, &o, []Credentials{testCredentials}, map[string]any{"c": testCredentials}, c, *c} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%t"} {
			fmt.Fprintf(&shown, verb+"\n", v)
		}
		for _, h := range []slog.Handler{slog.NewTextHandler(&shown, nil), slog.NewJSONHandler(&shown, nil)} {
			slog.New(h).Info("x", "v", v)
		}
	}
	b, err := json.Marshal(map[string]any{"v": testCredentials, "p": &testCredentials})
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(b)
	fmt.Fprintf(&shown, "%x", testCredentials)
	mustNotContain(t, shown.String(), testSecret, fmt.Sprintf("%x", testSecret), "s3cr3t", "token-1")
	mustContain(t, shown.String(), "secret hidden", `"client_secret":"hidden"`, testCredentials.TenantID)
}
