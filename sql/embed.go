// Package sql holds all SQL whose text does not depend on a schema: the views people query and the
// checks a warehouse must pass before it is published, and how its roll-ups are made.
package sql

import "embed"

// Files holds rollups/*.sql, one for each roll-up; views/*.sql, run in the order of their names; checks/*.sql; and screens/*.sql, which
// the program prints.
//
//go:embed rollups/*.sql views/*.sql checks/*.sql screens/*.sql
var Files embed.FS
