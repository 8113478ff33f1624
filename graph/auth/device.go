package auth

import (
	"context"
	"errors"
	"net/url"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"m365lake/graph/wire"
	"m365lake/internal/text"
)

// deviceCodeLife holds where the service does not say how long a code lives. Microsoft's is 15 minutes.
const deviceCodeLife = 15 * time.Minute

// A DeviceCode is what a person types in a browser anywhere to sign in here.
type DeviceCode struct {
	Code    string // such as C7HKW2QSE; no secret without the device's own
	Address string // where to type it
	Ends    time.Time
}

// ByDevice signs a person in by a code that show makes known, and returns the refresh token. It waits
// until the person has confirmed or declined, or the code has ended.
// Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
func (s SignIn) ByDevice(ctx context.Context, show func(DeviceCode)) (string, error) {
	service, config, err := s.prepare()
	if err != nil {
		return "", err
	}
	device, err := config.DeviceAuth(service.through(ctx))
	if err != nil {
		return "", service.failure(config.Endpoint.DeviceAuthURL, "", err)
	}
	if device.Expiry.IsZero() {
		device.Expiry = service.clock.Now().Add(deviceCodeLife)
	} else {
		device.Expiry = service.byClock(device.Expiry)
	}
	show(DeviceCode{
		Code: text.OneLine(device.UserCode, 40), Address: text.OneLine(device.VerificationURI, 200), Ends: device.Expiry,
	})
	interval := devicePollPause
	if device.Interval > 0 {
		interval = time.Duration(device.Interval) * time.Second
	}
	for {
		if service.clock.Sleep(ctx, min(interval, device.Expiry.Sub(service.clock.Now()))) != nil {
			return "", wire.Stopped(ctx, "sign-in")
		}
		token, err := service.redeemDevice(ctx, config, device.DeviceCode)
		var answer *oauth2.RetrieveError
		var lost *url.Error
		switch {
		case err == nil:
			return refreshToken(token)
		case ctx.Err() != nil:
			return "", wire.Stopped(ctx, "sign-in")
		case !service.clock.Now().Before(device.Expiry):
			return "", errors.New("sign-in: nobody confirmed the code in time: begin again")
		case errors.As(err, &answer) && answer.ErrorCode == "authorization_pending", errors.As(err, &lost):
			continue // the person is still typing
		case errors.As(err, &answer) && answer.ErrorCode == "slow_down": // RFC 8628 section 3.5
			interval += devicePollPause
			continue
		}
		return "", service.failure(config.Endpoint.TokenURL, device.DeviceCode, err)
	}
}

// devicePollPause is the pause between two questions where the service names none, and what slow_down
// adds to it.
// Source: RFC 8628 sections 3.2 and 3.5.
const devicePollPause = 5 * time.Second

// redeemDevice asks once whether the code was confirmed. oauth2's own DeviceAccessToken asks again and
// again by the machine's clock.
func (s service) redeemDevice(ctx context.Context, config *oauth2.Config, deviceCode string) (*oauth2.Token, error) {
	asked := clientcredentials.Config{
		ClientID: config.ClientID, Scopes: config.Scopes,
		TokenURL: config.Endpoint.TokenURL, AuthStyle: config.Endpoint.AuthStyle,
		EndpointParams: url.Values{
			"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "device_code": {deviceCode},
		},
	}
	return asked.Token(s.through(ctx))
}
