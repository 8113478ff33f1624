// Package laketest has small tables and rows for tests of the lake and the warehouse.
package laketest
