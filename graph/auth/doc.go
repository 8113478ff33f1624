// Package auth signs in to Microsoft: it has every way for a program or a person to get a token for Graph.
//
// Programs have Tokens, which fetches a token by the one way that its Credentials name and renews it before
// it ends: a client secret, a certificate, an assertion of a trusted issuer (Federation), the identity that
// Azure gives a machine (ManagedIdentity), or the refresh token of a person (RefreshTokens). A person signs
// in by SignIn, in the browser or with a code.
//
// To add a way, change these places:
//
//   - here: a field of Credentials and its line in ways, a case in service.grant, a file with the protocol
//   - config/auth.go: the key in pipelines.yaml; config/testdata/faults: its wrong values
//   - config/signin: a case in Credentials, which reads the secret or the file
//   - config/initial: what m365lake init asks and writes
//   - sandbox/entra: the other side of the protocol
//   - docs/connect.md, docs/sign-in.md and the comments of pipelines.yaml
//
// No secret, assertion or token appears in an error, a Wait or a printed value.
package auth
