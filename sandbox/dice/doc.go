// Package dice draws all chances of the sandbox. It mixes hashes and is no generator of random numbers: a generator has
// a position, and a position would tie the answer for one person to who was asked about before. A hash is rolled for a
// purpose, its Tag, and two traits with different tags are independent of each other.
package dice
