// Package calendar counts days in UTC, and writes them as Microsoft's services do.
package calendar
