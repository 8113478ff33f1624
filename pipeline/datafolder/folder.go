// Package datafolder knows what is where in the data folder, and lets one run at a time work in it. It
// links no DuckDB, so that everything that only needs a path can use it.
package datafolder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"m365lake/internal/ids"
)

// A Folder is the data folder: raw files, the lake, the warehouse, and what is kept beside them. No
// path within it is put together anywhere else; load/lake knows how the lake is laid out.
//
// The methods that return a path do not look whether something is there.
type Folder struct{ Root string }

// Warehouse is the published DuckDB file.
func (f Folder) Warehouse() string { return filepath.Join(f.Root, "warehouse.duckdb") }

// Lake is the folder of the typed tables as Parquet files.
func (f Folder) Lake() string { return filepath.Join(f.Root, "lake") }

// Exports is the folder of the views as Parquet files, written by each build.
func (f Folder) Exports() string { return filepath.Join(f.Root, "exports") }

// Control is the control database of provisioning, which people write into.
func (f Folder) Control() string { return filepath.Join(f.Root, "control.duckdb") }

// Forgotten is the list of the people who were forgotten, as hashes.
func (f Folder) Forgotten() string { return filepath.Join(f.Root, "forgotten.json") }

// DemoCompany is the file that says which invented company a demo is about.
func (f Folder) DemoCompany() string { return filepath.Join(f.Root, "demo.json") }

// ErasedMark is the file that says in which of a tenant's files everybody was looked for who was forgotten.
func (f Folder) ErasedMark(tenantID string) string {
	return filepath.Join(f.Root, "erased", tenantID+".json")
}

// ProductNames is Microsoft's list of product names, as `names refresh` fetched it.
func (f Folder) ProductNames() string { return filepath.Join(f.Root, "product_names.csv") }

// RunLock is the file whose lock a run holds. It has the number of the process that locked it last.
func (f Folder) RunLock() string { return filepath.Join(f.Root, "run.lock") }

// rawFiles is the folder of all raw files.
func (f Folder) rawFiles() string { return filepath.Join(f.Root, "raw") }

// RawTenant is the folder of a tenant's raw files, with a folder for each day.
func (f Folder) RawTenant(tenantID string) string { return filepath.Join(f.rawFiles(), tenantID) }

// Raw is the folder of the raw files that the run of a day received from a tenant.
func (f Folder) Raw(tenantID string, day time.Time) string {
	return filepath.Join(f.RawTenant(tenantID), day.Format(time.DateOnly))
}

// RawTenants returns the ids of the tenants that have raw files, in order. What else is there is not the program's:
// lost+found, .DS_Store.
func (f Folder) RawTenants() ([]string, error) {
	entries, err := os.ReadDir(f.rawFiles())
	if isNoFolder(err) {
		return nil, nil
	}
	var tenants []string
	for _, e := range entries {
		if e.IsDir() && ids.IsGUID(e.Name()) {
			tenants = append(tenants, e.Name())
		}
	}
	return tenants, err
}

// RawDays returns the days of which a tenant has raw files, in order.
func (f Folder) RawDays(tenantID string) ([]time.Time, error) {
	entries, err := os.ReadDir(f.RawTenant(tenantID))
	if isNoFolder(err) {
		return nil, nil
	}
	var days []time.Time
	for _, e := range entries {
		if day, err := time.Parse(time.DateOnly, e.Name()); err == nil && !e.Type().IsRegular() {
			days = append(days, day)
		}
	}
	return days, err
}

// isNoFolder says whether reading a folder failed because there is none, be it that a file stands in its
// place: the run that has to write there names that file.
func isNoFolder(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// Make makes the folder if it is not there, readable by its owner alone: it is full of names.
func (f Folder) Make() error {
	if err := os.MkdirAll(f.Root, 0o700); err != nil {
		return fmt.Errorf("cannot make the data folder: %w (choose another with --data)", err)
	}
	return nil
}

// Exists says whether there is a file or folder at a path.
func Exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
