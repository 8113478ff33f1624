package notify

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// A Ping is what the program reports to a health check. Source: healthchecks.io/docs/http_api.
type Ping string

const (
	PingStart   Ping = "start"
	PingSuccess Ping = ""
	PingFail    Ping = "fail"
	PingLog     Ping = "log" // noted, without changing how the check stands
)

// HealthCheck pings a check in the way of healthchecks.io: a POST to its URL, with the kind of ping
// behind it and the text for a body. The pings of one run are known by its id, a UUID.
func HealthCheck(ctx context.Context, check string, ping Ping, runID, text string) error {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	u, err := url.Parse(check)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("the URL of the health check must begin with https://")
	}
	if ping != PingSuccess {
		u = u.JoinPath(string(ping))
	}
	query := u.Query()
	query.Set("rid", runID)
	u.RawQuery = query.Encode()
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval = 300 * time.Millisecond
	_, err = backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, post(ctx, u.String(), text) },
		backoff.WithBackOff(pause), backoff.WithMaxTries(3))
	return redact(check, err)
}

func post(ctx context.Context, to, text string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(text))
	if err != nil {
		return backoff.Permanent(err)
	}
	request.Header.Set("Content-Type", "text/plain; charset=utf-8")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16)) // so that the connection can be used again
	switch {
	case response.StatusCode < 300:
		return nil
	case response.StatusCode < 500 && response.StatusCode != http.StatusTooManyRequests:
		return backoff.Permanent(fmt.Errorf("the check answered %s", response.Status))
	}
	return fmt.Errorf("the check answered %s", response.Status)
}
