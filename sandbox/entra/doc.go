// Package entra is the sign-in service of the tenant, Microsoft Entra ID: the token endpoint with all its grants, the
// pages a person signs in with, managed identities, an issuer outside of Microsoft whose tokens are trusted, and the
// access tokens that Graph is asked with. It refuses with Microsoft's AADSTS numbers.
//
// To add a way to sign in, give it a file: its grant goes into Service.serveToken, its pages into Service.Handler.
//
// Source: https://learn.microsoft.com/entra/identity-platform
package entra
