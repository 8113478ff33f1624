//go:build linux || darwin

package main

import "syscall"

// freeSpace is how many bytes may be written to the file system that folder is on.
func freeSpace(folder string) (free uint64, known bool) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return 0, false
	}
	return stat.Bavail * uint64(stat.Bsize), true
}
