package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"m365lake/internal/ids"
	"m365lake/internal/text"
)

// words is any text but an empty one. The unset field is "".
type words struct{ field *string }

func (v words) read(r *reader, name string, n *yaml.Node) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
		r.fault(n, "%s has no value; write one, or leave the key out", name)
		*v.field = ""
		return
	}
	*v.field = n.Value
}

func (v words) show() *yaml.Node {
	if *v.field == "" {
		return nil
	}
	return shownValue(*v.field)
}

func (words) describe() *Schema { return &Schema{Type: "string"} }

// shownValue is a text, a number, a duration or a bool as YAML; texts are quoted where they must be.
func shownValue(value any) *yaml.Node {
	n := &yaml.Node{}
	if err := n.Encode(value); err != nil {
		panic(err) // Encode fails for types that YAML does not know, such as functions
	}
	return n
}

// path is a file or a folder; a relative one begins at the folder of the configuration.
type path struct{ field *string }

func (v path) read(r *reader, name string, n *yaml.Node) {
	words(v).read(r, name, n)
	*v.field = beside(r.file, *v.field)
}

func (v path) show() *yaml.Node  { return words(v).show() }
func (v path) describe() *Schema { return words(v).describe() }

// number is a whole number within bounds. A field below them is unset.
type number struct {
	field           *int
	lowest, highest int
}

func (v number) read(r *reader, name string, n *yaml.Node) {
	given, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || given < v.lowest || given > v.highest {
		r.fault(n, "%s: %q must be a whole number from %d to %d", name, n.Value, v.lowest, v.highest)
	}
	*v.field = given
}

func (v number) show() *yaml.Node {
	if *v.field < v.lowest {
		return nil
	}
	return shownValue(*v.field)
}

func (v number) describe() *Schema {
	return &Schema{Type: "integer", Minimum: &v.lowest, Maximum: &v.highest}
}

// flag is true or false.
type flag struct{ field *bool }

func (v flag) read(r *reader, name string, n *yaml.Node) {
	if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
		r.fault(n, "%s: %q must be true or false", name, n.Value)
	}
	*v.field = n.Value == "true"
}

func (v flag) show() *yaml.Node { return shownValue(*v.field) }
func (flag) describe() *Schema  { return &Schema{Type: "boolean"} }

// duration is a span of time as Go writes it.
type duration struct{ field *time.Duration }

func (v duration) read(r *reader, name string, n *yaml.Node) {
	given, err := time.ParseDuration(n.Value)
	if err != nil || given <= 0 {
		r.fault(n, "%s: %q must be a duration such as 90s or 10m", name, n.Value)
	}
	*v.field = given
}

func (v duration) show() *yaml.Node { return shownValue(*v.field) }

func (duration) describe() *Schema {
	return &Schema{Type: "string", Pattern: `^([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+$`}
}

// choice is one of several words.
type choice struct {
	field *string
	known []string
}

func (v choice) read(r *reader, name string, n *yaml.Node) {
	words{v.field}.read(r, name, n)
	if *v.field != "" && !slices.Contains(v.known, *v.field) {
		r.fault(n, "%s: unknown word %q%s", name, *v.field, text.Suggest(*v.field, v.known))
		*v.field = ""
	}
}

func (v choice) show() *yaml.Node  { return words{v.field}.show() }
func (v choice) describe() *Schema { return &Schema{Type: "string", Enum: v.known} }

// guid is the id of a tenant or an application, in lower case in the field.
type guid struct{ field *string }

func (v guid) read(r *reader, name string, n *yaml.Node) {
	words(v).read(r, name, n)
	*v.field = strings.ToLower(*v.field)
	switch id := *v.field; {
	case id == "":
	case !ids.IsGUID(id):
		r.fault(n, "%s %q is not a GUID; copy it from the app registration's overview page", name, n.Value)
	case r.complete && strings.Trim(id, "0-") == "":
		r.fault(n, "%s is still the placeholder; copy yours from the app registration's overview page", name)
	}
}

func (v guid) show() *yaml.Node { return words(v).show() }
func (guid) describe() *Schema  { return &Schema{Type: "string", Pattern: ids.GUIDPattern} }

// memory is a size as DuckDB takes it.
type memory struct{ field *string }

var memorySize = regexp.MustCompile(`^[1-9][0-9]*(MB|GB|MiB|GiB)$`)

func (v memory) read(r *reader, name string, n *yaml.Node) {
	words(v).read(r, name, n)
	if !memorySize.MatchString(*v.field) {
		r.fault(n, "memory %q must be a size such as 192MB or 2GB", *v.field)
	}
}

func (v memory) show() *yaml.Node { return words(v).show() }
func (memory) describe() *Schema  { return &Schema{Type: "string", Pattern: memorySize.String()} }

// metricsFile is a path that node_exporter reads; it reads no other files.
type metricsFile struct{ field *string }

func (v metricsFile) read(r *reader, name string, n *yaml.Node) {
	words(v).read(r, name, n)
	if *v.field != "" && !strings.HasSuffix(*v.field, ".prom") {
		r.fault(n, "metrics file %q must end in .prom, or node_exporter does not read it", *v.field)
	}
	*v.field = beside(r.file, *v.field)
}

func (v metricsFile) show() *yaml.Node { return words(v).show() }
func (metricsFile) describe() *Schema  { return &Schema{Type: "string", Pattern: `\.prom$`} }
