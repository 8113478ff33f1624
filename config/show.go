package config

import (
	"io"

	"go.yaml.in/yaml/v3"
)

// Show writes the configuration as YAML with all values in force, the defaults as well. Reading that YAML gives
// the same configuration. It has no secrets, only the names of the variables and files that hold them.
func (c Config) Show(w io.Writer) error {
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	if err := encoder.Encode(c.keys().show()); err != nil {
		return err
	}
	return encoder.Close()
}
