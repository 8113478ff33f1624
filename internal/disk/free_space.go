package disk

import "syscall"

// FreeSpace returns how many bytes this user may still write to the file system that folder is on. It returns
// false if the system does not tell.
func FreeSpace(folder string) (free uint64, known bool) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return 0, false
	}
	return stat.Bavail * uint64(stat.Bsize), true
}
