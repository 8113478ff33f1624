// Package truth writes what an invented company knows about itself as CSV files, for tests that compute the figures
// again in another way.
package truth
