// Package snapshot is a part of a tenant as it was when it was read: accounts, groups, products and who
// must not be changed. Package tenant makes a snapshot, package plan decides by it.
package snapshot
