package lake

import (
	"os"

	"github.com/parquet-go/parquet-go"
)

// footer is what a lake file says about itself.
type footer struct {
	Rows    int64
	Columns []string
}

func ReadFooter(path string) (footer, error) {
	f, err := os.Open(path)
	if err != nil {
		return footer{}, err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return footer{}, err
	}
	file, err := parquet.OpenFile(f, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return footer{}, err
	}
	columns := make([]string, 0, len(file.Root().Columns()))
	for _, c := range file.Root().Columns() {
		columns = append(columns, c.Name())
	}
	return footer{file.NumRows(), columns}, nil
}
