package signin

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/zalando/go-keyring"
)

// A tokenSeal encrypts a token, so that a person who has only the file cannot read it.
type tokenSeal interface {
	name() string
	// where describes in words how the token is kept.
	where() string
	close(text []byte, purpose string) (sealed, salt []byte, err error)
	open(sealed, salt []byte, purpose string) ([]byte, error)
}

// Names of seals, as the file has them.
const (
	sealedByKey     = "token_key"
	sealedByKeyring = "keyring"
	sealedByNothing = "file mode"
)

// leastKeyLength is for token_key: 32 random bytes are 44 characters of base64, and nobody remembers
// a sentence that long by heart, so that it is not a password.
const leastKeyLength = 32

// keyringService is the program's name in the operating system's keyring.
const keyringService = "m365lake"

// newSeal returns the seal of a new sign-in: by the configured key, else by a key in the keyring, else by the
// file's mode alone.
func (s Store) newSeal() (tokenSeal, error) {
	if s.key.IsSet() {
		return s.sealNamed(sealedByKey)
	}
	key := make([]byte, 32)
	rand.Read(key)
	if err := keyring.Set(keyringService, s.name, base64.StdEncoding.EncodeToString(key)); err != nil {
		//nolint:nilerr // a server without a session has no keyring; its owner is told why
		return noSeal{why: err.Error()}, nil
	}
	return aesSeal{sealedByKeyring, key}, nil
}

// sealNamed is the seal a file names, with its key.
func (s Store) sealNamed(name string) (tokenSeal, error) {
	switch name {
	case sealedByKey:
		if !s.key.IsSet() {
			return nil, fmt.Errorf("the refresh token was encrypted with a token_key, "+
				"and the configuration has none: name it, or run %s", s.connectCommand())
		}
		key, err := s.key.Read("token_key")
		if err != nil {
			return nil, err
		}
		if len(key) < leastKeyLength {
			return nil, fmt.Errorf("token_key has %d characters, which can be guessed: "+
				"make one with openssl rand -base64 32", len(key))
		}
		return aesSeal{sealedByKey, []byte(key)}, nil
	case sealedByKeyring:
		text, err := keyring.Get(keyringService, s.name)
		if err != nil {
			return nil, fmt.Errorf("the key of the refresh token is in a keyring that does not open here: %w "+
				"(cron has no keyring: name a token_key and run %s)", err, s.connectCommand())
		}
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, s.damaged()
		}
		return aesSeal{sealedByKeyring, key}, nil
	case sealedByNothing:
		return noSeal{}, nil
	}
	return nil, s.damaged()
}

// forgetKey removes the key from the keyring, if there is either. A key that stays opens nothing once its
// file is gone.
func forgetKey(name string) { _ = keyring.Delete(keyringService, name) }

// aesSeal encrypts with AES-256-GCM. Each file has a key of its own, derived from a salt and bound
// to the tenant, so that a nonce never meets the same key twice.
type aesSeal struct {
	by  string
	key []byte
}

func (a aesSeal) name() string { return a.by }

func (a aesSeal) where() string {
	if a.by == sealedByKeyring {
		return "encrypted; the key is in this machine's keyring"
	}
	return "encrypted with token_key"
}

func (a aesSeal) gcm(salt []byte, purpose string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, a.key, salt, "m365lake refresh token "+purpose, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (a aesSeal) close(text []byte, purpose string) (sealed, salt []byte, err error) {
	salt = make([]byte, 32)
	rand.Read(salt)
	gcm, err := a.gcm(salt, purpose)
	if err != nil {
		return nil, nil, err
	}
	return gcm.Seal(nil, nil, text, []byte(purpose)), salt, nil
}

func (a aesSeal) open(sealed, salt []byte, purpose string) ([]byte, error) {
	gcm, err := a.gcm(salt, purpose)
	if err != nil {
		return nil, err
	}
	text, err := gcm.Open(nil, nil, sealed, []byte(purpose))
	if err != nil {
		return nil, errors.New("the key is another, or the file was changed")
	}
	return text, nil
}

// noSeal leaves the token to the file's mode.
type noSeal struct {
	why string // the keyring's error
}

func (noSeal) name() string { return sealedByNothing }

func (n noSeal) where() string {
	return "not encrypted, as there is no keyring here (" + n.why + "); " +
		"only you can read the file (token_key in the configuration encrypts it)"
}

func (noSeal) close(text []byte, _ string) (sealed, salt []byte, err error) { return text, nil, nil }

func (noSeal) open(sealed, _ []byte, _ string) ([]byte, error) { return sealed, nil }
