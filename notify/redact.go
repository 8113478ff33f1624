package notify

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// anyURL is a URL within a text.
var anyURL = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s"'<>]+`)

// word is a piece of a URL that may be a secret, or part of one.
var word = regexp.MustCompile(`[A-Za-z0-9_]{3,}`)

// plainWords are in many URLs and secret in none.
var plainWords = []string{"127", "api", "com", "generic", "hook", "hooks", "host", "http", "https", "json", "localhost",
	"net", "org", "services", "template", "webhook", "www"}

// redact makes an error without a URL or a piece of address in it. Services put URLs into their
// errors in forms of their own, so that every word of the address counts.
func redact(address string, err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	// The longest first, so that none hides in another.
	secrets := words(address)
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	text = anyURL.ReplaceAllString(text, "***")
	for _, secret := range secrets {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return errors.New(strings.Join(strings.Fields(text), " "))
}

// words are the words of a URL behind its scheme, as they stand there and decoded.
func words(address string) []string {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		rest = address
	}
	decoded, err := url.PathUnescape(rest)
	if err != nil {
		decoded = rest
	}
	var kept []string
	for _, w := range slices.Concat(word.FindAllString(rest, -1), word.FindAllString(decoded, -1)) {
		if !slices.Contains(plainWords, strings.ToLower(w)) {
			kept = append(kept, w)
		}
	}
	return kept
}
