package tenant

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// PasswordFile returns a function for Client.NewPassword that adds a line with the sign-in name, a tab
// and the password to a file. The file is readable by the user who runs the program alone: a new one is
// made so, and an existing one is made so before anything is written. The function returns an error, and
// writes nothing, if the path is a symbolic link, is no regular file, belongs to another user, or cannot
// be made private. When it returns nil, the line is on disk.
func PasswordFile(path string) func(userPrincipalName, password string) error {
	return func(userPrincipalName, password string) error {
		f, err := openPrivate(path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(f, "%s\t%s\n", userPrincipalName, password)
		return errors.Join(err, f.Sync(), f.Close())
	}
}

// openPrivate opens a file to add to. What it opened is looked at again: the path may mean another file
// by then.
func openPrivate(path string) (_ *os.File, err error) {
	if info, err := os.Lstat(path); err == nil {
		if err := checkRegular(path, info); err != nil {
			return nil, err
		}
	}
	// O_NONBLOCK: a pipe that took the file's place must not be waited for.
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := checkRegular(path, info); err != nil {
		return nil, err
	}
	if owner, known := info.Sys().(*syscall.Stat_t); known && int(owner.Uid) != os.Geteuid() {
		return nil, fmt.Errorf("%s belongs to another user, who could read the passwords; name another file", path)
	}
	if info.Mode().Perm() != 0o600 {
		if err := f.Chmod(0o600); err != nil {
			return nil, fmt.Errorf("%s can be read by others and cannot be made private: %w; name another file", path, err)
		}
	}
	return f, nil
}

func checkRegular(path string, info fs.FileInfo) error {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return fmt.Errorf("%s is a symbolic link; name the file itself", path)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no regular file; name another one", path)
	}
	return nil
}
