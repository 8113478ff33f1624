// Package control is the control database, data/control.duckdb: what people ask for, the rules, the
// plans, the decisions and the ledger. People write to it with any DuckDB client, so that everything
// that is read from it is checked. It is the only part of provisioning that links DuckDB.
package control
