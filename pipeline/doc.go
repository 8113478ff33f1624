// Package pipeline is a run over all tenants: it pulls from Microsoft Graph, transforms what came, loads
// it into the lake, and builds the warehouse. It prints nothing and knows no exit code: the
// caller gets a Result, errors with a meaning (errors.go) and calls about progress.
//
// The order of things is in run.go (all tenants), tenant.go (one tenant), pull.go (Graph to raw files)
// and transform.go (raw files to the lake). What can be decided without reading or writing stands in
// packages of its own: schedule (which days are asked for), verdict (what a report is worth).
package pipeline
