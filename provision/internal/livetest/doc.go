// Package livetest has tenants for tests: a small one with one of each trouble, behind a fake Graph, the
// warehouse that belongs to it, and a sandbox that can be changed.
package livetest
