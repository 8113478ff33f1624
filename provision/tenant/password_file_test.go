package tenant

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A file that others could read is private before the first password is in it, and what was in it stays.
func TestPasswordFileIsPrivate(t *testing.T) {
	for name, mode := range map[string]os.FileMode{"new": 0, "private": 0o600, "readable": 0o644, "writable": 0o666} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "passwords")
			if mode != 0 {
				if err := os.WriteFile(path, []byte("an older line\n"), mode); err != nil {
					t.Fatal(err)
				}
				if err := os.Chmod(path, mode); err != nil {
					t.Fatal(err)
				}
			}
			keep := PasswordFile(path)
			for range 2 {
				if err := keep("ana@contoso.com", "secret"); err != nil {
					t.Fatal(err)
				}
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if want := "ana@contoso.com\tsecret\nana@contoso.com\tsecret\n"; !strings.HasSuffix(string(text), want) ||
				(mode != 0) != strings.HasPrefix(string(text), "an older line\n") {
				t.Errorf("%q", text)
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != 0o600 {
				t.Errorf("the file has mode %v", info.Mode())
			}
		})
	}
}

// A password goes into the file that was named, and nowhere else.
func TestPasswordFileIsAFile(t *testing.T) {
	folder := t.TempDir()
	elsewhere := filepath.Join(folder, "elsewhere")
	if err := os.WriteFile(elsewhere, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	link, dangling := filepath.Join(folder, "link"), filepath.Join(folder, "dangling")
	for path, target := range map[string]string{link: elsewhere, dangling: filepath.Join(folder, "made")} {
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
	}
	pipe := filepath.Join(folder, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{link: "symbolic link", dangling: "symbolic link", pipe: "regular file",
		folder: "regular file"} {
		done := make(chan error, 1)
		go func() { done <- PasswordFile(path)("ana@contoso.com", "secret") }()
		select {
		case err := <-done:
			if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), path) {
				t.Errorf("%s: %v", filepath.Base(path), err)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s is waited for", filepath.Base(path))
		}
	}
	if text, err := os.ReadFile(elsewhere); err != nil || len(text) > 0 {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "made")); err == nil {
		t.Error("the link was followed")
	}
}

// The owner of a file can read it whatever its mode.
func TestPasswordFileOfAnotherUser(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passwords")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(path, os.Geteuid()+1, -1); err != nil {
		t.Skip("only root can give a file away:", err)
	}
	if err := PasswordFile(path)("ana@contoso.com", "secret"); err == nil ||
		!strings.Contains(err.Error(), "belongs to another user") {
		t.Error(err)
	}
	if text, err := os.ReadFile(path); err != nil || len(text) > 0 {
		t.Errorf("%q, %v", text, err)
	}
}
