package catalog

import (
	"fmt"
	"io"
	"strings"
)

// WriteDictionary writes the data dictionary of all tables as Markdown (docs/tables.md).
func WriteDictionary(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# Tables\n\nGenerated from the folder `schemas` by `make docs`; do not edit.\n")
	for _, t := range Tables() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\nKey: `%s`.", t.Name, t.Doc, strings.Join(t.Key, "`, `"))
		switch {
		case t.RollupOf != nil:
			fmt.Fprintf(&b, " Made in the warehouse from `%s`; not in the lake.", t.RollupOf.Name)
		case len(t.Partition) > 0:
			fmt.Fprintf(&b, " One lake file per tenant and `%s`.", strings.Join(t.Partition, "`, `"))
		default:
			b.WriteString(" One lake file per tenant.")
		}
		b.WriteString("\n\n| column | type | meaning |\n| --- | --- | --- |\n")
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
