package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"m365lake/internal/text"
)

// A key is one key of a mapping and what may stand there.
type key struct {
	name  string
	value value
}

// A value is what may stand at a key, bound to the field that it fills.
type value interface {
	// read fills the field from n, or records faults; name is the key.
	read(r *reader, name string, n *yaml.Node)
	// show returns the field as the file would say it, or nil to leave the key out. What it returns is read
	// back as the same.
	show() *yaml.Node
	// describe returns what read takes. It does not look at the field.
	describe() *Schema
}

// A mapping is a value with keys of its own.
type mapping struct {
	what     string // in errors; "" is the key it stands at
	keys     []key  // in the order in which they are shown
	required []string
	exactly  int         // how many of the keys there must be; 0 is any number
	unset    func() bool // whether the mapping is left out of what is shown; nil is never
	check    func(*reader, found)
}

// found is a mapping of the file after its keys were read.
type found struct {
	node  *yaml.Node
	clean bool // without faults so far
}

// at returns the value of a key as it stands in the file, or nil.
func (m found) at(name string) *yaml.Node {
	for i := 0; i < len(m.node.Content); i += 2 {
		if m.node.Content[i].Value == name {
			return m.node.Content[i+1]
		}
	}
	return nil
}

func (m found) has(name string) bool { return m.at(name) != nil }

// keyNames are those of the keys, sorted.
func (m mapping) keyNames() []string {
	names := make([]string, len(m.keys))
	for i, k := range m.keys {
		names[i] = k.name
	}
	slices.Sort(names)
	return names
}

func (m mapping) read(r *reader, name string, n *yaml.Node) {
	before := len(r.faults)
	if n.Kind != yaml.MappingNode {
		what := m.what
		if what == "" {
			what = name
		}
		r.fault(n, "%s must be a mapping with keys such as %s", what, strings.Join(m.keyNames(), ", "))
		return
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		known := slices.IndexFunc(m.keys, func(k key) bool { return k.name == name.Value })
		switch {
		case known < 0:
			r.fault(name, "unknown key %q%s", name.Value, text.Suggest(name.Value, m.keyNames()))
		case seen[name.Value]:
			r.fault(name, "key %q stands here a second time", name.Value)
		default:
			seen[name.Value] = true
			m.keys[known].value.read(r, name.Value, value)
		}
	}
	if m.check != nil {
		m.check(r, found{n, len(r.faults) == before})
	}
}

func (m mapping) show() *yaml.Node {
	if m.unset != nil && m.unset() {
		return nil
	}
	shown := &yaml.Node{Kind: yaml.MappingNode}
	for _, k := range m.keys {
		if value := k.value.show(); value != nil {
			shown.Content = append(shown.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: k.name}, value)
		}
	}
	return shown
}

func (m mapping) describe() *Schema {
	properties := map[string]*Schema{}
	for _, k := range m.keys {
		properties[k.name] = k.value.describe()
	}
	return &Schema{
		Type: "object", AdditionalProperties: new(bool), Properties: properties, Required: m.required,
		MinProperties: m.exactly, MaxProperties: m.exactly,
	}
}

// A pointer is a mapping that fills a struct of its own when it is there, be it empty.
type pointer[T any] struct {
	field **T
	keys  func(*T) mapping
}

func (p pointer[T]) read(r *reader, name string, n *yaml.Node) {
	*p.field = new(T)
	p.keys(*p.field).read(r, name, n)
}

func (p pointer[T]) show() *yaml.Node {
	if *p.field == nil {
		return nil
	}
	return p.keys(*p.field).show()
}

func (p pointer[T]) describe() *Schema { return p.keys(new(T)).describe() }

// items calls each for the items of a list, which must have some; what is the list in errors.
func (r *reader) items(n *yaml.Node, what string, each func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		r.fault(n, "%s must be a list with at least one entry", what)
		return
	}
	for _, item := range n.Content {
		each(item)
	}
}

func describeList(item *Schema) *Schema {
	return &Schema{Type: "array", MinItems: 1, UniqueItems: true, Items: item}
}
