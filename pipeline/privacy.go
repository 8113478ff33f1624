package pipeline

import (
	"m365lake/config"
	"m365lake/load/warehouse"
)

// ExportPrivacy is how the configuration wants views to be exported: under pseudonyms, or nil for under
// names. An error says that the key of the pseudonyms cannot be read.
func ExportPrivacy(c config.Privacy) (*warehouse.Privacy, error) {
	key, err := c.ReadKey()
	if key == nil || err != nil {
		return nil, err
	}
	return &warehouse.Privacy{Key: key, MinGroupSize: c.MinGroupSize}, nil
}
