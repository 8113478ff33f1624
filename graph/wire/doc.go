// Package wire is one HTTP request on its way: who it says it is from, how long it is patient, what its
// answer's headers say, and what is wrong where no answer comes. Package graph and package auth share it.
package wire
