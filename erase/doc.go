// Package erase removes people who were forgotten and data that is too old from the raw files and the
// lake; the warehouse and the exports follow with the next build.
//
// A list of salted hashes keeps who was forgotten, because Microsoft's reports name deleted accounts for half
// a year. A mark of each tenant says which files were searched since. Every run searches all other files, of
// whatever day, before it publishes anything.
//
// Retention: config says how long each layer is kept; raw_retention.go decides which run days of raw files are
// too old, and lake_retention.go which files and rows of each table.
//
// Everything here needs the data folder for itself: the caller holds its lock.
package erase
