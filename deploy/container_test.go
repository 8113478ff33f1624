package deploy

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// What the image runs works where it runs: as nobody in particular, on a root file system that cannot
// be written to and has no more than the program and its libraries, with a volume for the data. This
// is a container made by hand, since a test cannot count on a Docker daemon and its images.
func TestReadOnlyRootFileSystem(t *testing.T) {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("only root of a Linux machine can make a container")
	}
	if out, err := exec.Command("unshare", "--mount", "true").CombinedOutput(); err != nil {
		t.Skipf("this machine makes no mount namespaces: %s", out)
	}
	served := serveTenant(t)
	root, data := filepath.Join(t.TempDir(), "root"), filepath.Join(t.TempDir(), "data")
	install(t, program, filepath.Join(root, installedProgram), 0o755)
	for _, library := range libraries(t) {
		install(t, library, filepath.Join(root, library), 0o755)
	}
	// The configuration and the secret are mounted, and belong to somebody else.
	secret := "/run/secrets/m365lake/client_secret"
	install(t, served.secret, filepath.Join(root, secret), 0o644)
	config := filepath.Join(root, "etc/m365lake/pipelines.yaml")
	install(t, served.config, config, 0o644)
	write(t, config, strings.Replace(read(t, served.config), served.secret, secret, 1), 0o644)
	for _, folder := range []string{filepath.Join(root, "data"), data} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chown(data, 65532, 65532); err != nil {
		t.Fatal(err)
	}
	for folder := root; folder != "/" && folder != os.TempDir(); folder = filepath.Dir(folder) {
		if err := os.Chmod(folder, 0o755); err != nil { // a root file system is open to all
			t.Fatal(err)
		}
	}

	container := func(command ...string) *exec.Cmd {
		const mount = `set -e
mount --bind "$1" "$1"
mount --bind "$2" "$1/data"
mount -o remount,ro,bind "$1"
root=$1
shift 2
exec chroot --userspec=65532:65532 --groups=65532 "$root" "$@"`
		c := exec.Command("unshare", append([]string{"--mount", "sh", "-c", mount, "sh", root, data}, command...)...)
		c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/home/nonroot"} // a folder that is not there
		return c
	}
	wantExit(t, 0, container(imageCommand(t)...))
	wantPublished(t, filepath.Join(data, "m365lake"))
	if info, err := os.Stat(filepath.Join(data, "m365lake")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the data folder: %v %v", info, err)
	}
	// Proof that the root file system was not to be written to.
	elsewhere := append(imageCommand(t)[:2:2], "--config", "/etc/m365lake/pipelines.yaml", "--data", "/elsewhere")
	if out := wantExit(t, 3, container(elsewhere...)); !strings.Contains(out, "read-only file system") {
		t.Errorf("a folder outside of the volume: %s", out)
	}
}

// libraries are the shared libraries of the program on this machine, with the loader.
func libraries(t *testing.T) []string {
	t.Helper()
	var paths []string
	for line := range strings.Lines(wantExit(t, 0, exec.Command("ldd", program))) {
		for _, word := range strings.Fields(line) {
			if filepath.IsAbs(word) {
				paths = append(paths, word)
			}
		}
	}
	if len(paths) < 3 {
		t.Fatalf("ldd finds %v only", paths)
	}
	return paths
}

func install(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", from, err))
	}
	if err := os.WriteFile(to, content, mode); err != nil {
		t.Fatal(err)
	}
}
