package lake

import "errors"

// A Footer is what a Parquet file says about itself.
type Footer struct {
	Rows     int64
	Columns  []string
	Schema   string            // the columns with their types, equal for files that one scan can read alike
	Metadata map[string]string // what the writer added
}

// ReadFooter reads the footer of a Parquet file, whose pages it does not look at. Its error does not
// name the file.
func ReadFooter(path string) (footer Footer, err error) {
	raw, err := openParquet(path)
	if err != nil {
		return Footer{}, err
	}
	defer func() { err = errors.Join(err, raw.Close()) }()
	footer = Footer{Rows: raw.NumRows(), Metadata: map[string]string{}}
	root := raw.MetaData().Schema.Root()
	for i := range root.NumFields() {
		footer.Columns = append(footer.Columns, root.Field(i).Name())
	}
	footer.Schema = raw.MetaData().Schema.String()
	metadata := raw.MetaData().KeyValueMetadata()
	for i, key := range metadata.Keys() {
		footer.Metadata[key] = metadata.Values()[i]
	}
	return footer, nil
}
