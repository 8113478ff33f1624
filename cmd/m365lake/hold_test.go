package main

import (
	"bufio"
	"fmt"
	"os"

	"m365lake/load/warehouse"
)

// holdWarehouse is an analyst's shell: it opens the warehouse, and answers the same question again
// each time a line comes in, through the same connection.
func holdWarehouse() {
	db, err := warehouse.Open(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var answer string
		if err := db.QueryRow(os.Args[2]).Scan(&answer); err != nil {
			answer = err.Error()
		}
		fmt.Println(answer)
	}
}
