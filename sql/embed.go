// Package sql holds all SQL whose text does not depend on a schema: the views people query and the
// checks a warehouse must pass before it is published, how its roll-ups are made, and the control
// database.
package sql

import "embed"

// Files holds rollups/*.sql, one for each roll-up; views/*.sql, run in the order of their names;
// checks/*.sql; screens/*.sql, which the program prints; provision/*.sql, which plans ask the
// warehouse; and control/*.sql, the steps that build a control database, of which each is run once and
// never changed afterwards.
//
//go:embed rollups/*.sql views/*.sql checks/*.sql screens/*.sql control/*.sql provision/*.sql
var Files embed.FS
