// Package odata is how Microsoft Graph answers: errors in Graph's form, and lists and objects of the properties that
// $select asks for. It knows no objects of its own.
//
// Sources: https://learn.microsoft.com/graph/errors, https://learn.microsoft.com/graph/query-parameters
package odata
