package graph

import (
	"context"
	"errors"
	"net/url"
	"time"
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
	ctx, config, err := s.prepare(ctx)
	if err != nil {
		return "", err
	}
	device, err := config.DeviceAuth(ctx)
	if err != nil {
		return "", signInError(config.Endpoint.DeviceAuthURL, "", err)
	}
	if device.Expiry.IsZero() {
		device.Expiry = time.Now().Add(deviceCodeLife)
	}
	device.Interval = max(device.Interval, 0) // 0 makes it the standard's 5 seconds
	show(DeviceCode{Code: oneLine(device.UserCode, 40), Address: oneLine(device.VerificationURI, 200), Ends: device.Expiry})
	for {
		token, err := config.DeviceAccessToken(ctx, device)
		var lost *url.Error
		switch {
		case err == nil:
			return refreshToken(token)
		case ctx.Err() != nil:
			return "", stopped(ctx, "sign-in")
		case !time.Now().Before(device.Expiry):
			return "", errors.New("sign-in: nobody confirmed the code in time: begin again")
		case errors.As(err, &lost):
			continue // the person is still typing; each poll waits before it asks
		}
		return "", signInError(config.Endpoint.TokenURL, device.DeviceCode, err)
	}
}
