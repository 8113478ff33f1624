package lake

import (
	"os"

	"github.com/parquet-go/parquet-go"
)

// A Footer is what a lake file says about itself.
type Footer struct {
	Rows    int64
	Columns []string
}

// ReadFooter reads the footer of a lake file, whose pages it does not look at. Its error does not name
// the file.
func ReadFooter(path string) (Footer, error) {
	f, err := os.Open(path)
	if err != nil {
		return Footer{}, err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return Footer{}, err
	}
	file, err := parquet.OpenFile(f, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return Footer{}, err
	}
	columns := make([]string, 0, len(file.Root().Columns()))
	for _, c := range file.Root().Columns() {
		columns = append(columns, c.Name())
	}
	return Footer{file.NumRows(), columns}, nil
}
