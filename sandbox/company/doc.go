// Package company is the invented company: who works there and where, what they hold, which products were bought, and
// what people, sites and groups did on a day. All of it is a pure function of the seed, a number and a day. It has no
// state, no lock and no clock, so everything in it is safe for concurrent use, except an Activity, which belongs to one
// goroutine.
//
// To invent another thing, draw it with a dice.Tag of its own at the end of the tags: what exists already stays as it
// is.
package company
