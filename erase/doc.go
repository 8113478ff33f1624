// Package erase removes people who were forgotten and data that is too old from the raw files and the
// lake; the warehouse and the exports follow with the next build.
//
// Who was forgotten stands in a list of salted hashes, because Microsoft's reports name deleted accounts
// for half a year. A mark of each tenant says which files were looked at since; whatever is not under the
// mark, of whichever night, is looked at before anything is published.
//
// Everything here needs the data folder for itself: the caller holds its lock.
package erase
