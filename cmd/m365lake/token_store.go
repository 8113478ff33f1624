package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2"

	"m365lake/graph"
)

// A tokenStore keeps the refresh token of one tenant in a file only its owner can read. The file is
// replaced as a whole, so that a run that dies leaves the token before or the one after.
type tokenStore struct {
	tenant string // its name in the configuration
	folder string
	name   string       // of the file and of the key in the keyring: tenant and client id
	key    secretConfig // unset leaves encryption to the keyring
}

// keptToken is the file.
type keptToken struct {
	Version int    `json:"version"`
	Sealed  string `json:"sealed"` // by what: see tokenSeals
	Salt    string `json:"salt,omitempty"`
	Token   string `json:"token"` // base64 of what is sealed
}

const keptTokenVersion = 1

func (t tenantConfig) tokenStore() (tokenStore, error) {
	folder := t.Auth.Delegated.TokenFolder
	if folder == "" {
		home, err := os.UserConfigDir()
		if err != nil {
			return tokenStore{}, fmt.Errorf("no folder for refresh tokens: %w; name one with delegated: {token_folder: PATH}", err)
		}
		folder = filepath.Join(home, "m365lake", "tokens")
	}
	return tokenStore{tenant: t.Name, folder: folder, name: t.TenantID + "." + t.ClientID, key: t.Auth.Delegated.TokenKey}, nil
}

func (s tokenStore) path() string { return filepath.Join(s.folder, s.name+".json") }

// locked calls do while nobody else reads or writes tokens of the folder.
func (s tokenStore) locked(ctx context.Context, do func() error) error {
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return fmt.Errorf("cannot make the folder of refresh tokens: %w (choose another with token_folder)", err)
	}
	lock := flock.New(filepath.Join(s.folder, "lock"), flock.SetPermissions(0o600), flock.SetFlag(os.O_CREATE|os.O_RDWR))
	if _, err := lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return fmt.Errorf("cannot lock the folder of refresh tokens: %w", err)
	}
	defer lock.Unlock() //nolint:errcheck // it ends with the process
	return do()
}

// Rotate is part of graph.RefreshTokens.
func (s tokenStore) Rotate(ctx context.Context, exchange func(string) (string, error)) error {
	return s.locked(ctx, func() error {
		token, seal, err := s.read()
		if err != nil {
			return err
		}
		next, err := exchange(token)
		if refusal := (*graph.TokenError)(nil); errors.As(err, &refusal) && (refusal.Code == "invalid_grant" || refusal.Code == "interaction_required") {
			return fmt.Errorf("%w (%s)", err, s.connectCommand())
		}
		if err != nil || next == token {
			return err
		}
		return s.write(next, seal)
	})
}

func (s tokenStore) connectCommand() string { return "m365lake connect --tenant " + s.tenant }

// read returns the token, and what seals it.
func (s tokenStore) read() (string, tokenSeal, error) {
	text, err := os.ReadFile(s.path())
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, fmt.Errorf("nobody has signed in to tenant %s yet: run %s", s.tenant, s.connectCommand())
	}
	if err != nil {
		return "", nil, fmt.Errorf("refresh token: %w", err)
	}
	if info, err := os.Stat(s.path()); err == nil && info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return "", nil, fmt.Errorf("others can read the refresh token in %s: run %s for a new one", s.path(), s.connectCommand())
	}
	var kept keptToken
	if err := json.Unmarshal(text, &kept); err != nil || kept.Version != keptTokenVersion {
		return "", nil, s.damaged()
	}
	salt, saltErr := base64.StdEncoding.DecodeString(kept.Salt)
	sealed, err := base64.StdEncoding.DecodeString(kept.Token)
	if err != nil || saltErr != nil {
		return "", nil, s.damaged()
	}
	seal, err := s.sealNamed(kept.Sealed)
	if err != nil {
		return "", nil, err
	}
	token, err := seal.open(sealed, salt, s.name)
	if err != nil {
		return "", nil, fmt.Errorf("the refresh token in %s does not open: %w; run %s", s.path(), err, s.connectCommand())
	}
	return string(token), seal, nil
}

func (s tokenStore) damaged() error {
	return fmt.Errorf("the refresh token in %s is damaged: run %s", s.path(), s.connectCommand())
}

func (s tokenStore) write(token string, seal tokenSeal) error {
	sealed, salt, err := seal.close([]byte(token), s.name)
	if err != nil {
		return err
	}
	text, err := json.Marshal(keptToken{
		Version: keptTokenVersion, Sealed: seal.name(),
		Salt: base64.StdEncoding.EncodeToString(salt), Token: base64.StdEncoding.EncodeToString(sealed),
	})
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(s.path(), append(text, '\n'), 0o600, renameio.WithStaticPermissions(0o600), renameio.WithTempDir(s.folder)); err != nil {
		return fmt.Errorf("cannot keep the refresh token: %w", withRemedy(err))
	}
	return nil
}

// save keeps a new sign-in's token, and tells by what it is sealed.
func (s tokenStore) save(ctx context.Context, token string) (tokenSeal, error) {
	var seal tokenSeal
	err := s.locked(ctx, func() (err error) {
		if seal, err = s.newSeal(); err != nil {
			return err
		}
		return s.write(token, seal)
	})
	return seal, err
}

// remove forgets the token and its key. It reports whether there was one.
func (s tokenStore) remove(ctx context.Context) (bool, error) {
	was := false
	err := s.locked(ctx, func() error {
		err := os.Remove(s.path())
		if was = err == nil; err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("refresh token: %w", err)
		}
		forgetKey(s.name)
		return nil
	})
	return was, err
}
