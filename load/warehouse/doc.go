// Package warehouse builds a DuckDB file from the lake: its tables, roll-ups and views. It checks the
// content, exports the views as Parquet files and publishes all of it whole or not at all.
package warehouse
