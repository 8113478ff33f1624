package signin

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/zalando/go-keyring"

	"m365lake/config"
	"m365lake/graph/auth"
	"m365lake/pipeline/datafolder"
)

const testToken = "1.refresh-token-of-somebody"

// newStore is a store with a key, in a folder of its own.
func newStore(t *testing.T) Store {
	t.Helper()
	t.Setenv("TEST_TOKEN_KEY", strings.Repeat("k", 44))
	return Store{
		tenant: "contoso",
		folder: filepath.Join(t.TempDir(), "a", "b"),
		name:   "tenant.client",
		key:    config.Secret{Env: "TEST_TOKEN_KEY"},
	}
}

// kept reads the token by way of Rotate, and leaves it as it is.
func kept(s Store) (token string, err error) {
	err = s.Rotate(context.Background(), func(have string) (string, error) { token = have; return have, nil })
	return token, err
}

// file is the file of the token.
func file(t *testing.T, s Store) []byte {
	t.Helper()
	text, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTokenStoreEncrypts(t *testing.T) {
	s := newStore(t)
	if seal, err := s.Save(t.Context(), testToken); err != nil || seal != "encrypted with token_key" {
		t.Fatal(seal, err)
	}
	first := file(t, s)
	if bytes.Contains(first, []byte(testToken)) || !bytes.Contains(first, []byte(`"sealed":"token_key"`)) {
		t.Errorf("%s", first)
	}
	if info, err := os.Stat(s.Path()); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if info, err := os.Stat(s.folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Error(info.Mode(), err)
	}
	if token, err := kept(s); err != nil || token != testToken {
		t.Fatal(token, err)
	}
	if !bytes.Equal(first, file(t, s)) {
		t.Error("a token that stays was written again")
	}
	err := s.Rotate(t.Context(), func(string) (string, error) { return "2.next", nil })
	if token, kept := kept(s); err != nil || kept != nil || token != "2.next" {
		t.Error(token, err, kept)
	}
	// The same token never looks the same.
	if _, err := s.Save(t.Context(), testToken); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first, file(t, s)) {
		t.Error("the salt is not new")
	}
	// It is bound to its tenant and to its key, and a change is seen.
	other := s
	other.name = "another.client"
	if err := os.WriteFile(other.Path(), file(t, s), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := kept(other); err == nil || !strings.Contains(err.Error(), "does not open") {
		t.Error(err)
	}
	t.Setenv("TEST_TOKEN_KEY", strings.Repeat("K", 44))
	if _, err := kept(s); err == nil ||
		!strings.Contains(err.Error(), "the key is another, or the file was changed; run m365lake connect --tenant contoso") {
		t.Error(err)
	}
	s.key = config.Secret{}
	if _, err := kept(s); err == nil || !strings.Contains(err.Error(), "the configuration has none") {
		t.Error(err)
	}
}

func TestTokenStoreRefusesWhatIsNotItsOwn(t *testing.T) {
	s := newStore(t)
	if _, err := s.Save(t.Context(), testToken); err != nil {
		t.Fatal(err)
	}
	good := file(t, s)
	for _, text := range []string{
		"", "{}", "null", `{"version":2}`, `{"version":1,"sealed":"magic","token":"AA=="}`,
		`{"version":1,"sealed":"token_key","salt":"!","token":"AA=="}`, string(good[:20]),
	} {
		if err := os.WriteFile(s.Path(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := kept(s); err == nil ||
			!strings.Contains(err.Error(), "is damaged: run m365lake connect --tenant contoso") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := os.WriteFile(s.Path(), good, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(s.Path(), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := kept(s); err == nil || !strings.Contains(err.Error(), "others can read the refresh token") {
		t.Error(err)
	}
}

// A refresh that fails leaves the token; one the service ended says how to go on.
func TestTokenStoreKeepsTheTokenOfAFailedRefresh(t *testing.T) {
	s := newStore(t)
	if _, err := s.Save(t.Context(), testToken); err != nil {
		t.Fatal(err)
	}
	ended := &auth.TokenError{Status: 400, Code: "invalid_grant"}
	err := s.Rotate(t.Context(), func(string) (string, error) { return "", ended })
	if !errors.Is(err, error(ended)) || !strings.HasSuffix(err.Error(), "(m365lake connect --tenant contoso)") {
		t.Error(err)
	}
	if token, err := kept(s); err != nil || token != testToken {
		t.Error(token, err)
	}
}

// Runs that refresh at the same time take turns: each sees the token of the one before.
func TestTokenStoreTakesTurns(t *testing.T) {
	s := newStore(t)
	if _, err := s.Save(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := s.Rotate(context.Background(), func(have string) (string, error) { return have + "x", nil }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if token, err := kept(s); err != nil || token != strings.Repeat("x", 9) {
		t.Error(token, err)
	}
}

// The keyring holds the key, the file what it opens; disconnect removes both.
func TestTokenStoreUsesTheKeyring(t *testing.T) {
	keyring.MockInit() // the operating system's would keep what a test put there
	s := newStore(t)
	s.key = config.Secret{}
	if seal, err := s.Save(t.Context(), testToken); err != nil ||
		seal != "encrypted; the key is in this machine's keyring" ||
		!bytes.Contains(file(t, s), []byte(`"sealed":"keyring"`)) {
		t.Fatal(seal, err)
	}
	key, err := keyring.Get("m365lake", s.name)
	if err != nil || len(key) != 44 || bytes.Contains(file(t, s), []byte(testToken)) ||
		bytes.Contains(file(t, s), []byte(key)) {
		t.Errorf("%v %s", err, file(t, s))
	}
	if token, err := kept(s); err != nil || token != testToken {
		t.Error(token, err)
	}
	text := file(t, s)
	if was, err := s.Remove(t.Context()); !was || err != nil || datafolder.Exists(s.Path()) {
		t.Error(was, err)
	}
	if _, err := keyring.Get("m365lake", s.name); !errors.Is(err, keyring.ErrNotFound) {
		t.Error(err)
	}
	if was, err := s.Remove(t.Context()); was || err != nil {
		t.Error(was, err)
	}
	// A copy of the file is worth nothing now.
	if err := os.WriteFile(s.Path(), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := kept(s); err == nil || !strings.Contains(err.Error(), "a keyring that does not open here") {
		t.Error(err)
	}
	// Without a keyring there is the file's mode.
	keyring.MockInitWithError(errors.New("no session"))
	if seal, err := s.Save(t.Context(), testToken); err != nil ||
		!strings.HasPrefix(seal, "not encrypted, as there is no keyring here (no session)") ||
		!bytes.Contains(file(t, s), []byte(`"sealed":"file mode"`)) {
		t.Fatal(seal, err)
	}
	if token, err := kept(s); err != nil || token != testToken {
		t.Error(token, err)
	}
}
