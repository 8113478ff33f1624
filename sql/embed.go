// Package sql holds all SQL whose text does not depend on a schema: the views people query and the
// checks a warehouse must pass before it is published, how its roll-ups are made, and the control
// database.
package sql

import (
	"embed"
	"fmt"
)

// Files holds the statements in folders by their use. The first line of each file is the question that it
// answers.
//
//   - warehouse/*.sql build a warehouse;
//   - rollups/*.sql make the rows of one month, a file for each roll-up;
//   - views/*.sql are run in the order of their names. They are templates, which may list the apps and
//     reports of the schemas, and name the tables from which the comments of their columns come;
//   - checks/*.sql find rows that must not be published;
//   - screens/*.sql are printed by the program;
//   - provision/*.sql are asked by plans;
//   - control/*.sql with a number are the steps that build a control database, each run once, whose
//     meaning stays; the others ask and change one.
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
