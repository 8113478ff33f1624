// Package disk says what a failed disk operation means and how to mend it, and puts finished files in
// the place of published ones.
package disk
