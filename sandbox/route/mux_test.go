package route

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// What ServeMux would answer by itself goes to the handler of everything else.
func TestMuxNeverAnswersByItself(t *testing.T) {
	say := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(text + r.PathValue("id"))) }
	}
	m := New(say("other"))
	m.Handle("GET /users/{id}", say("user "))
	m.Handle("GET /users/{id}/{rest...}", say("below "))
	m.Handle("/page", say("page"))
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/users/a", "user a"},
		{"GET", "/users/o'brien@x.example#EXT#", "user o'brien@x.example#EXT#"},
		{"GET", "/users/a/b/c", "below a"},
		{"GET", "/users", "other"},      // a redirect to /users/
		{"GET", "/users//a", "other"},   // a redirect to /users/a
		{"GET", "/users/../a", "other"}, // a redirect to /a
		{"GET", "/users/a/", "other"},
		{"POST", "/users/a", "other"}, // 405
		{"HEAD", "/users/a", "other"}, // the GET
		{"HEAD", "/page", "page"},
		{"CONNECT", "/users/a", "other"},
	} {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, WithPath(httptest.NewRequest(c.method, "/", nil), c.path))
		if w.Code != http.StatusOK || w.Body.String() != c.want {
			t.Errorf("%s %s: %d %q, want %q", c.method, c.path, w.Code, w.Body, c.want)
		}
	}
}
