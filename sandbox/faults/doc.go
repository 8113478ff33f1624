// Package faults is what the sandbox can be told to do wrong: the names of the faults, and those that are the same
// whatever is asked for. A fault of one endpoint is shown by that endpoint, which asks Set.On for it.
//
// To add a fault, add its name and its description to faults.go, and ask for it where it shows.
package faults
