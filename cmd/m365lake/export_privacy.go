package main

import (
	"m365lake/config"
	"m365lake/load/warehouse"
)

// exportPrivacy is how views are exported; nil tells who is who.
func exportPrivacy(c config.Privacy) (*warehouse.Privacy, error) {
	key, err := c.ReadKey()
	if key == nil || err != nil {
		return nil, err
	}
	return &warehouse.Privacy{Key: key, MinGroupSize: c.MinGroupSize}, nil
}
