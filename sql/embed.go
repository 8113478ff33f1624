// Package sql holds all SQL whose text does not depend on a schema: the views people query and the
// checks a warehouse must pass before it is published, how its roll-ups are made, and the control
// database.
package sql

import (
	"embed"
	"fmt"
)

// Files holds rollups/*.sql, one for each roll-up; views/*.sql, run in the order of their names;
// checks/*.sql; warehouse/*.sql, with which a warehouse is built; screens/*.sql, which the program prints; provision/*.sql, which plans ask the
// warehouse; and control/*.sql, the steps that build a control database, of which each is run once and
// never changed afterwards.
//
//go:embed rollups/*.sql views/*.sql checks/*.sql screens/*.sql control/*.sql provision/*.sql warehouse/*.sql
var Files embed.FS

// Text returns the content of a file of Files. It panics if there is none of that path, because the paths
// are constants of the program.
func Text(path string) string {
	text, err := Files.ReadFile(path)
	if err != nil {
		panic(fmt.Sprintf("sql: %v", err))
	}
	return string(text)
}
