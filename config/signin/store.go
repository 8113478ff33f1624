package signin

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2"

	"m365lake/config"
	"m365lake/graph/auth"
	"m365lake/internal/disk"
)

// A Store keeps the refresh token of one tenant in a file only its owner can read. The file is
// replaced as a whole, so that a run that dies leaves the token before or the one after. It is safe for
// concurrent use by several processes: a lock in the folder is held while a token is read or written.
type Store struct {
	tenant string // its name in the configuration
	folder string
	name   string        // of the file and of the key in the keyring: tenant and client id
	key    config.Secret // unset leaves encryption to the keyring
}

// keptToken is the file.
type keptToken struct {
	Version int    `json:"version"`
	Sealed  string `json:"sealed"` // by what: see tokenSeals
	Salt    string `json:"salt,omitempty"`
	Token   string `json:"token"` // base64 of what is sealed
}

const keptTokenVersion = 1

// StoreOf returns the store of a tenant that is delegated. It makes no folder.
func StoreOf(t config.Tenant) (Store, error) {
	folder := t.Auth.Delegated.TokenFolder
	if folder == "" {
		home, err := os.UserConfigDir()
		if err != nil {
			return Store{}, fmt.Errorf("no folder for refresh tokens: %w; name one with delegated: {token_folder: PATH}", err)
		}
		folder = filepath.Join(home, "m365lake", "tokens")
	}
	return Store{tenant: t.Name, folder: folder, name: t.TenantID + "." + t.ClientID, key: t.Auth.Delegated.TokenKey}, nil
}

// Path is the file of the token.
func (s Store) Path() string { return filepath.Join(s.folder, s.name+".json") }

// locked calls do while nobody else reads or writes tokens of the folder.
func (s Store) locked(ctx context.Context, do func() error) error {
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

// Rotate is part of auth.RefreshTokens: it gives the kept token to exchange, and keeps the one that exchange
// returns. A refusal that only a person can mend names the command that does.
func (s Store) Rotate(ctx context.Context, exchange func(string) (string, error)) error {
	return s.locked(ctx, func() error {
		token, seal, err := s.read()
		if err != nil {
			return err
		}
		next, err := exchange(token)
		if refusal := (*auth.TokenError)(nil); errors.As(err, &refusal) && needsPerson(refusal.Code) {
			return fmt.Errorf("%w (%s)", err, s.connectCommand())
		}
		if err != nil || next == token {
			return err
		}
		return s.write(next, seal)
	})
}

func needsPerson(code string) bool { return code == "invalid_grant" || code == "interaction_required" }

func (s Store) connectCommand() string { return "m365lake connect --tenant " + s.tenant }

// read returns the token, and what seals it.
func (s Store) read() (string, tokenSeal, error) {
	content, err := os.ReadFile(s.Path())
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, fmt.Errorf("nobody has signed in to tenant %s yet: run %s", s.tenant, s.connectCommand())
	}
	if err != nil {
		return "", nil, fmt.Errorf("refresh token: %w", err)
	}
	if info, err := os.Stat(s.Path()); err == nil && info.Mode().Perm()&0o077 != 0 {
		return "", nil, fmt.Errorf("others can read the refresh token in %s: run %s for a new one",
			s.Path(), s.connectCommand())
	}
	var kept keptToken
	if err := json.Unmarshal(content, &kept); err != nil || kept.Version != keptTokenVersion {
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
		return "", nil, fmt.Errorf("the refresh token in %s does not open: %w; run %s", s.Path(), err, s.connectCommand())
	}
	return string(token), seal, nil
}

func (s Store) damaged() error {
	return fmt.Errorf("the refresh token in %s is damaged: run %s", s.Path(), s.connectCommand())
}

func (s Store) write(token string, seal tokenSeal) error {
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
	err = renameio.WriteFile(s.Path(), append(text, '\n'), 0o600,
		renameio.WithStaticPermissions(0o600), renameio.WithTempDir(s.folder))
	if err != nil {
		return fmt.Errorf("cannot keep the refresh token: %w", disk.WithRemedy(err))
	}
	return nil
}

// Save keeps a new sign-in's token. It returns in words how the token is protected.
func (s Store) Save(ctx context.Context, token string) (protection string, err error) {
	err = s.locked(ctx, func() error {
		seal, err := s.newSeal()
		if err != nil {
			return err
		}
		protection = seal.where()
		return s.write(token, seal)
	})
	return protection, err
}

// CheckKey returns an error if the configuration names a key for the token that cannot be read or could be
// guessed. It is called before a person signs in, so that nobody signs in first and then learns it.
func (s Store) CheckKey() error {
	if !s.key.IsSet() {
		return nil
	}
	_, err := s.sealNamed(sealedByKey)
	return err
}

// Remove forgets the token and its key. It reports whether there was one.
func (s Store) Remove(ctx context.Context) (bool, error) {
	was := false
	err := s.locked(ctx, func() error {
		err := os.Remove(s.Path())
		if was = err == nil; err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("refresh token: %w", err)
		}
		forgetKey(s.name)
		return nil
	})
	return was, err
}
