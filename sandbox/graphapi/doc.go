// Package graphapi is the part of Microsoft Graph that serves the directory: people, groups, products, roles, the bin,
// and the writes to them, one by one or in a $batch. Usage reports are served by package reports, whose routes are
// added to these.
//
// To add an endpoint, write its handler in a file named after the object, add it to routes.go, and what its path is
// read with to permissions.go. A property of a user goes into user_fields.go; if it can be written, into books as well.
//
// Source: https://learn.microsoft.com/graph/api/overview
package graphapi
