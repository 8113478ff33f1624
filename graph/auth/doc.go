// Package auth signs in to Microsoft: it has every way for a program or a person to get a token for Graph.
//
// Programs have Tokens, which fetches a token by the one way that its Credentials name and renews it before
// it ends: a client secret, a certificate, an assertion of a trusted issuer (Federation), the identity that
// Azure gives a machine (ManagedIdentity), or the refresh token of a person (RefreshTokens). A person signs
// in by SignIn, in the browser or with a code.
//
// To add a way: a field of Credentials and its line in ways, a case in service.grant, and a file with the
// protocol.
//
// No secret, assertion or token appears in an error, a Wait or a printed value.
package auth
