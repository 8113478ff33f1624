// Package config reads pipelines.yaml: what runs, for which tenants, over which periods.
//
// Every key stands at one place: in the method keys of the struct that it fills, as a [key] with the field it
// is bound to. Reading with faults and their lines, config show and the JSON Schema are computed from those
// tables. To add a key: add the field and its row, a folder in testdata/faults for each new fault, the key in
// testdata/everything.yaml, and a comment in pipelines.yaml, which becomes the description in the schema.
//
// The functions here have no state and are safe for concurrent use; a Config is a value that its reader owns.
package config
