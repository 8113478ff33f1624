package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// A Key makes signatures that only its owner can make: of access tokens, of page tokens and of download links.
type Key string

// Sign returns the signature of a text: HMAC-SHA256, as unpadded base64 for URLs.
func (k Key) Sign(text string) string {
	m := hmac.New(sha256.New, []byte(k))
	m.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// Seal joins a text with its signature, in characters that need no escape in a URL.
func (k Key) Seal(text string) string {
	body := base64.RawURLEncoding.EncodeToString([]byte(text))
	return body + "." + k.Sign(body)
}

// Unseal returns the text of what seal made. It is false for anything else.
func (k Key) Unseal(sealed string) (string, bool) {
	body, sig, ok := strings.Cut(sealed, ".")
	if !ok || !hmac.Equal([]byte(sig), []byte(k.Sign(body))) {
		return "", false
	}
	text, err := base64.RawURLEncoding.DecodeString(body)
	return string(text), err == nil
}
