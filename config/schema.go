package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"m365lake"
)

// A Schema is the part of JSON Schema that pipelines.yaml needs.
// Source: https://json-schema.org/draft/2020-12
type Schema struct {
	Schema        string             `json:"$schema,omitempty"`
	Title         string             `json:"title,omitempty"`
	Description   string             `json:"description,omitempty"`
	Type          string             `json:"type,omitempty"`
	AnyOf         []*Schema          `json:"anyOf,omitempty"`
	Enum          []string           `json:"enum,omitempty"`
	Pattern       string             `json:"pattern,omitempty"`
	Minimum       *int               `json:"minimum,omitempty"`
	Maximum       *int               `json:"maximum,omitempty"`
	Items         *Schema            `json:"items,omitempty"`
	MinItems      int                `json:"minItems,omitempty"`
	UniqueItems   bool               `json:"uniqueItems,omitempty"`
	Properties    map[string]*Schema `json:"properties,omitempty"`
	Required      []string           `json:"required,omitempty"`
	MinProperties int                `json:"minProperties,omitempty"`
	MaxProperties int                `json:"maxProperties,omitempty"`

	// AdditionalProperties is false for every mapping: unknown keys are refused.
	AdditionalProperties *bool `json:"additionalProperties,omitempty"`
}

// FileSchema describes pipelines.yaml. Its keys are those that are read; their descriptions are the comments of
// the pipelines.yaml that comes with the program.
func FileSchema() *Schema {
	s := new(Config).keys().describe()
	s.Schema, s.Title = "https://json-schema.org/draft/2020-12/schema", "pipelines.yaml of m365lake"
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(m365lake.Pipelines), &document); err == nil && len(document.Content) > 0 {
		s.addComments(document.Content[0])
	}
	return s
}

// addComments takes the comments of a file for descriptions: those above a key and those behind it.
func (s *Schema) addComments(n *yaml.Node) {
	if n.Kind == yaml.SequenceNode && s.Items != nil && len(n.Content) > 0 {
		s.Items.addComments(n.Content[0])
		return
	}
	if n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		property := s.Properties[name.Value]
		if property == nil {
			continue
		}
		var lines []string
		for _, comment := range []string{lastParagraph(name.HeadComment), name.LineComment, value.LineComment} {
			for line := range strings.SplitSeq(comment, "\n") {
				line = strings.TrimSpace(strings.TrimLeft(line, "#"))
				if line != "" && !slices.Contains(lines, line) {
					lines = append(lines, line)
				}
			}
		}
		property.Description = strings.Join(lines, " ")
		property.addComments(value)
	}
}

// lastParagraph leaves out what a comment says of the whole file.
func lastParagraph(comment string) string {
	parts := strings.Split(strings.TrimSpace(comment), "\n\n")
	return parts[len(parts)-1]
}
