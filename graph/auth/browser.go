package auth

import (
	"context"
	"errors"
	"fmt"
	"m365lake/graph/wire"
	"net"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/oauth2"
)

// browserTimeout is how long a person may take in the browser.
const browserTimeout = 10 * time.Minute

// ByBrowser signs a person in with the authorization code flow and PKCE, and returns the refresh
// token. It listens on a free port of 127.0.0.1 for the browser's return, and calls show with the
// address to open.
//
// The redirect says localhost, because that is what an app registration can name; Microsoft ignores
// the port there.
// Sources: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow,
// https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions
func (s SignIn) ByBrowser(ctx context.Context, show func(address string)) (string, error) {
	service, config, err := s.prepare()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeoutCause(
		ctx,
		browserTimeout,
		errors.New("nobody signed in within ten minutes: begin again"),
	)
	defer cancel()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("sign-in: no port on 127.0.0.1 for the browser to return to: %w (use --device)", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	config.RedirectURL = "http://localhost:" + strconv.Itoa(port)
	verifier := oauth2.GenerateVerifier()
	back := newCallbackPage(oauth2.GenerateVerifier(), port) // as good a state as any: 32 random bytes
	server := &http.Server{
		Handler:           back,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	go server.Serve(listener)   //nolint:errcheck // ends by Shutdown
	defer shutdown(ctx, server) // after the page was shown

	show(
		config.AuthCodeURL(back.state, oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("response_mode", "query"),
			oauth2.SetAuthURLParam("prompt", "select_account")),
	)
	var answer callback
	select {
	case answer = <-back.answers:
	case <-ctx.Done():
		return "", wire.Stopped(ctx, "sign-in")
	}
	refresh, err := service.redeem(ctx, config, answer, verifier)
	back.result <- err
	return refresh, err
}

// redeem turns the code into a refresh token.
func (s service) redeem(ctx context.Context, config *oauth2.Config, answer callback, verifier string) (string, error) {
	if answer.refusal != nil {
		return "", answer.refusal
	}
	token, err := config.Exchange(s.through(ctx), answer.code, oauth2.VerifierOption(verifier))
	if err != nil {
		failed := s.failure(config.Endpoint.TokenURL, answer.code, err)
		if refusal := (*TokenError)(nil); errors.As(failed, &refusal) {
			refusal.Description = redact(refusal.Description, verifier)
		}
		return "", failed
	}
	return refreshToken(token)
}

// shutdown lets the page reach the browser, but not for long.
func shutdown(ctx context.Context, server *http.Server) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		server.Close() //nolint:errcheck // nobody needs it any more
	}
}
