package catalog

import (
	"fmt"
	"io"
	"strings"

	"m365lake/internal/text"
)

// proseWidth is the width of the lines outside the tables of docs/tables.md.
const proseWidth = 120

// WriteDictionary writes the data dictionary of all tables as Markdown (docs/tables.md).
func WriteDictionary(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# Tables\n\nGenerated from the folder `schemas` by `make docs`; do not edit.\n")
	for _, t := range Tables() {
		rows := fmt.Sprintf("Key: `%s`. ", strings.Join(t.Key, "`, `"))
		switch {
		case t.RollupOf != nil:
			rows += fmt.Sprintf("Made in the warehouse from `%s`; not in the lake.", t.RollupOf.Name)
		case len(t.Partition) > 0:
			rows += fmt.Sprintf("One lake file per tenant and `%s`.", strings.Join(t.Partition, "`, `"))
		default:
			rows += "One lake file per tenant."
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n%s\n", t.Name, text.Wrap(t.Doc, proseWidth), text.Wrap(rows, proseWidth))
		b.WriteString("\n| column | type | meaning |\n| --- | --- | --- |\n")
		for _, c := range t.Columns {
			typ := c.Type.DuckDB
			if c.Required {
				typ += ", not null"
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", c.Name, typ, strings.ReplaceAll(c.Doc, "|", `\|`))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
