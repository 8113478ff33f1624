// Package lake keeps the typed tables as Parquet files, one file for each partition of a table. Their paths are
//
//	<folder>/<table>/tenant_id=<id>/<column>=<value>/.../part.parquet
//
// The files are the record from which warehouses are built. Each is published whole or not at all,
// with the permissions of package disk, and is replaced by renaming, never written again in place.
// The package does not link DuckDB.
package lake
