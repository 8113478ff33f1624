// Newreport writes the skeleton of a usage report: its descriptor, its test data and its line in
// pipelines.yaml. CONTRIBUTING.md says what to fill in.
//
//	go run ./internal/newreport -name getTeamsTeamActivityDetail -kind things
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	name := flag.String("name", "", "function of Microsoft Graph, such as getTeamsTeamActivityDetail")
	kind := flag.String("kind", "people", "what the rows are about: "+strings.Join(kinds, ", "))
	flag.Parse()
	files, err := scaffold(".", *name, *kind)
	if err != nil {
		fmt.Fprintln(os.Stderr, "newreport:", err)
		os.Exit(2)
	}
	for _, file := range files {
		fmt.Println(file)
	}
	fmt.Println("Fill in the columns; CONTRIBUTING.md says what comes next.")
}
