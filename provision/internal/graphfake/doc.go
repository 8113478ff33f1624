// Package graphfake is a Microsoft Graph for tests that answers what it is told to.
package graphfake
