// Package productnames puts together what is known of Microsoft's products: the facts that come with the program,
// Microsoft's published list as it was last fetched, and what the user says. It fetches that list as well.
package productnames

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"m365lake/pipeline/datafolder"
	"m365lake/transform/products"
)

// Read returns the products as a run knows them. Each source goes before those ahead of it: the program's own
// facts, the list of the last refresh if there was one, and the user's file override, or "" for none. The error
// names the file that cannot be used, and its line.
func Read(data datafolder.Folder, override string) (*products.Products, error) {
	products := products.Embedded()
	if err := addPublished(products, data.ProductNames()); err != nil {
		return nil, fmt.Errorf("%w; run m365lake names refresh, or remove the file", err)
	}
	if override == "" {
		return products, nil
	}
	file, err := os.Open(override)
	if err != nil {
		return nil, fmt.Errorf("product_names: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read
	if err := products.Override(file, override); err != nil {
		return nil, err
	}
	return products, nil
}

// addPublished adds the list of the last refresh, if there was one.
func addPublished(products *products.Products, path string) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	_, err = products.Refresh(file, path)
	return err
}
