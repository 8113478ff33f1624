// Package draft makes a plan of the live tenant: it reads what package plan has to know, and hands it on.
package draft
