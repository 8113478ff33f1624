package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/google/renameio/v2"

	"m365lake/internal/disk"
	"m365lake/pipeline/datafolder"
)

// A demoCompany says which invented company the data folder of a demo is about. The sandbox makes the same company of
// the same values.
type demoCompany struct {
	Users int    `json:"users"`
	Seed  uint64 `json:"seed"`
}

// keepCompany notes the company of a demo in its data folder, which is made if it is not there. It refuses another one
// than was noted there: raw reports of the first would be taken for the second's, and its people for people who left.
func keepCompany(data datafolder.Folder, company demoCompany) error {
	text, err := os.ReadFile(data.DemoCompany())
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nothingError(err)
	default:
		var before demoCompany
		if err := json.Unmarshal(text, &before); err != nil {
			return usageError(fmt.Errorf("%s: %w; delete the folder, or name another with --data", data.DemoCompany(), err))
		}
		if before != company {
			return usageError(fmt.Errorf("%s holds the demo of another company: --users %d --seed %d; "+
				"delete the folder, or name another with --data", data.Root, before.Users, before.Seed))
		}
		return nil
	}
	if err := data.Make(); err != nil {
		return nothingError(err)
	}
	if text, err = json.Marshal(company); err != nil {
		return err
	}
	if err := renameio.WriteFile(data.DemoCompany(), append(text, '\n'), 0o600); err != nil {
		return nothingError(fmt.Errorf("cannot write %s: %w", data.DemoCompany(), disk.WithRemedy(disk.WithoutPath(err))))
	}
	return nil
}
