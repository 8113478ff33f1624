package main

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"m365lake"
)

// A jsonSchema is the part of JSON Schema that pipelines.yaml needs.
// Source: https://json-schema.org/draft/2020-12
type jsonSchema struct {
	Schema        string                 `json:"$schema,omitempty"`
	Title         string                 `json:"title,omitempty"`
	Description   string                 `json:"description,omitempty"`
	Type          string                 `json:"type,omitempty"`
	AnyOf         []*jsonSchema          `json:"anyOf,omitempty"`
	Enum          []string               `json:"enum,omitempty"`
	Pattern       string                 `json:"pattern,omitempty"`
	Minimum       *int                   `json:"minimum,omitempty"`
	Maximum       *int                   `json:"maximum,omitempty"`
	Items         *jsonSchema            `json:"items,omitempty"`
	MinItems      int                    `json:"minItems,omitempty"`
	UniqueItems   bool                   `json:"uniqueItems,omitempty"`
	Properties    map[string]*jsonSchema `json:"properties,omitempty"`
	Required      []string               `json:"required,omitempty"`
	MinProperties int                    `json:"minProperties,omitempty"`
	MaxProperties int                    `json:"maxProperties,omitempty"`

	// AdditionalProperties is false for every mapping: unknown keys are refused.
	AdditionalProperties *bool `json:"additionalProperties,omitempty"`
}

const durationPattern = `^([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+$`

// configSchema describes pipelines.yaml. The parser that reads it is asked what it would read, so
// that a key cannot be in one and not in the other; descriptions are the comments of pipelines.yaml.
func configSchema() *jsonSchema {
	schema, root := &jsonSchema{}, &yaml.Node{}
	p := &configParser{described: map[*yaml.Node]*jsonSchema{root: schema}}
	c := defaultConfig()
	p.config(root, &c)
	schema.Schema, schema.Title = "https://json-schema.org/draft/2020-12/schema", "pipelines.yaml of m365lake"
	schema.Required = []string{"tenants"}
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(m365lake.Pipelines), &document); err == nil && len(document.Content) > 0 {
		schema.comment(document.Content[0])
	}
	return schema
}

// describe tells what the parser would read at n, if it is asked for that; otherwise it does nothing
// and is false.
func (p *configParser) describe(n *yaml.Node, what func(*jsonSchema)) bool {
	if p.described == nil {
		return false
	}
	if s := p.described[n]; s != nil {
		what(s)
	}
	return true
}

// describeKeys describes a mapping. Where other forms are known already it is one more of them.
func (p *configParser) describeKeys(s *jsonSchema, keys map[string]func(*yaml.Node)) {
	if len(s.AnyOf) > 0 {
		form := &jsonSchema{}
		s.AnyOf = append(s.AnyOf, form)
		s = form
	}
	s.Type, s.AdditionalProperties, s.Properties = "object", new(bool), map[string]*jsonSchema{}
	for _, name := range sortedKeys(keys) {
		value := &yaml.Node{}
		s.Properties[name] = &jsonSchema{}
		p.described[value] = s.Properties[name]
		keys[name](value)
	}
}

func (p *configParser) describeItems(s *jsonSchema, each func(*yaml.Node)) {
	item := &yaml.Node{}
	s.Type, s.MinItems, s.UniqueItems, s.Items = "array", 1, true, &jsonSchema{}
	p.described[item] = s.Items
	each(item)
}

// comment takes the comments of a file for descriptions: those above a key and those behind it.
func (s *jsonSchema) comment(n *yaml.Node) {
	if n.Kind == yaml.SequenceNode && s.Items != nil && len(n.Content) > 0 {
		s.Items.comment(n.Content[0])
		return
	}
	if n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		property := s.Properties[key.Value]
		if property == nil {
			continue
		}
		var lines []string
		for _, comment := range []string{lastParagraph(key.HeadComment), key.LineComment, value.LineComment} {
			for line := range strings.SplitSeq(comment, "\n") {
				if line = strings.TrimSpace(strings.TrimLeft(line, "#")); line != "" && !slices.Contains(lines, line) {
					lines = append(lines, line)
				}
			}
		}
		property.Description = strings.Join(lines, " ")
		property.comment(value)
	}
}

// lastParagraph leaves out what a comment says of the whole file.
func lastParagraph(comment string) string {
	parts := strings.Split(strings.TrimSpace(comment), "\n\n")
	return parts[len(parts)-1]
}
