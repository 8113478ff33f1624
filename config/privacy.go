package config

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Privacy says how exports conceal people. Without a key exports have the names.
type Privacy struct {
	Key          Secret
	MinGroupSize int
}

// Fewer than five are easily told apart by those who know them.
const defaultMinGroupSize = 5

// leastKey is how many characters a key must have: half of what openssl rand -hex 16 gives would do
// for chance, but people invent keys.
const leastKey = 32

func (c *Privacy) keys() mapping {
	return mapping{
		unset:    func() bool { return !c.Key.IsSet() },
		required: []string{"key"},
		keys: []key{
			{"key", secret{&c.Key, "the key of the pseudonyms", true}},
			{"min_group_size", number{&c.MinGroupSize, 1, 10_000}},
		},
		check: func(r *reader, m found) {
			if !m.has("key") {
				r.fault(m.node, "privacy needs one key for its pseudonyms: write key: {env: NAME} or key: {file: PATH}")
			}
		},
	}
}

// ReadKey returns the key of the pseudonyms, or nil if exports tell who is who. The error says how to make a
// key if there is none or one that could be guessed.
func (c Privacy) ReadKey() ([]byte, error) {
	if !c.Key.IsSet() {
		return nil, nil
	}
	const remedy = "make one with openssl rand -hex 32"
	var key string
	if c.Key.Env != "" {
		if key = os.Getenv(c.Key.Env); key == "" {
			return nil, fmt.Errorf("privacy: environment variable %s is empty; set it to the key of the pseudonyms (%s)",
				c.Key.Env, remedy)
		}
	} else {
		content, err := os.ReadFile(c.Key.File)
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("privacy: key file %s does not exist; %s", c.Key.File, remedy)
		}
		if err != nil {
			return nil, fmt.Errorf("privacy: %w", err)
		}
		key = string(content)
	}
	key = strings.TrimSpace(key)
	if len(key) < leastKey {
		return nil, fmt.Errorf("privacy: the key has %d characters and could be guessed; it needs %d: %s",
			len(key), leastKey, remedy)
	}
	return []byte(key), nil
}
