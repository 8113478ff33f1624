package main

import "syscall"

// keepPrivate makes every file readable by its owner alone, those that DuckDB makes by itself
// included: they are full of names.
func keepPrivate() { syscall.Umask(0o077) }
