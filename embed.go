// Package m365lake holds the commented configuration that comes with the program.
package m365lake

import _ "embed"

// Pipelines is pipelines.yaml: what m365lake init fills in, and whose comments describe the keys in
// the JSON Schema.
//
//go:embed pipelines.yaml
var Pipelines string
