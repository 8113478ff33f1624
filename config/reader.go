package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// A reader reads one file into the fields that keys are bound to, and collects what is wrong with it: it reports
// all faults at once, each with its line and, for a mistyped key, the key that was meant. Decoders of YAML
// into structs stop at the first fault, and word it for programmers.
type reader struct {
	file     string
	complete bool // ids that are still placeholders are faults
	faults   []fault
}

type fault struct {
	line int
	err  error
}

func (r *reader) fault(n *yaml.Node, format string, args ...any) {
	err := fmt.Errorf("%s:%d: %s", r.file, n.Line, fmt.Sprintf(format, args...))
	r.faults = append(r.faults, fault{n.Line, err})
}

// Parse reads the content of a file whose tenants are complete; file is its name in errors, and paths begin at
// its folder. The error joins every fault, one a line, in the order of the lines.
func Parse(file string, content []byte) (Config, error) { return parse(file, content, true) }

func parse(file string, content []byte, complete bool) (Config, error) {
	c := Default()
	c.File, c.Data = file, beside(file, c.Data)
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return Config{}, notYAML(file, err)
	}
	if len(document.Content) == 0 {
		return Config{}, fmt.Errorf("%s: the file is empty; it needs at least tenants", file)
	}
	r, root := &reader{file: file, complete: complete}, document.Content[0]
	c.keys().read(r, "", root)
	if len(r.faults) == 0 && len(c.Tenants) == 0 {
		r.fault(root, "tenants is missing; name at least one tenant")
	}
	if len(r.faults) == 0 {
		return c, nil
	}
	slices.SortStableFunc(r.faults, func(a, b fault) int { return a.line - b.line })
	errs := make([]error, len(r.faults))
	for i, f := range r.faults {
		errs[i] = f.err
	}
	return Config{}, errors.Join(errs...)
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// notYAML puts the line where all other faults have it.
func notYAML(file string, err error) error {
	where, what := file, err.Error()
	if m := yamlLine.FindStringSubmatch(what); m != nil {
		if what = what[len(m[0]):]; m[1] != "" {
			where += ":" + m[1]
		}
	}
	return fmt.Errorf("%s: not YAML: %s; check quotes, colons and indentation there", where, what)
}
