package config

import (
	"io"

	"go.yaml.in/yaml/v3"
)

// Show writes the configuration as YAML with everything that holds, the defaults as well. What it writes reads
// back as the same configuration. Secrets were never part of it: it names where they are.
func (c Config) Show(w io.Writer) error {
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	if err := encoder.Encode(c.keys().show()); err != nil {
		return err
	}
	return encoder.Close()
}
