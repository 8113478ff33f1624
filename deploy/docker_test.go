package deploy

import (
	"debug/elf"
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// stages parses the Dockerfile as Docker does.
func stages(t *testing.T) []instructions.Stage {
	t.Helper()
	result, err := parser.Parse(strings.NewReader(read(t, "Dockerfile")))
	if err != nil {
		t.Fatal(err)
	}
	stages, _, err := instructions.Parse(result.AST, nil)
	if err != nil {
		t.Fatal(err)
	}
	return stages
}

// imageCommand is what the image runs: the entry point and its arguments.
func imageCommand(t *testing.T) []string {
	t.Helper()
	var entry, arguments []string
	for _, command := range last(stages(t)).Commands {
		switch c := command.(type) {
		case *instructions.EntrypointCommand:
			entry = c.CmdLine
		case *instructions.CmdCommand:
			arguments = c.CmdLine
		}
	}
	return append(slices.Clone(entry), arguments...)
}

func last[T any](all []T) T { return all[len(all)-1] }

func TestDockerfile(t *testing.T) {
	all := stages(t)
	if len(all) != 2 || all[0].Name != "build" {
		t.Fatalf("%d stages", len(all))
	}
	// The C library that the program is linked with is not newer than that of the base.
	for i, release := range []string{"bookworm", "debian12"} {
		if !strings.Contains(all[i].BaseName, release) {
			t.Errorf("stage %d is of %s, which is not Debian 12", i, all[i].BaseName)
		}
	}
	var user, volume string
	for _, command := range all[1].Commands {
		switch c := command.(type) {
		case *instructions.UserCommand:
			user = c.User
		case *instructions.VolumeCommand:
			volume = c.Volumes[0]
		case *instructions.RunCommand:
			t.Error("the base has no shell to RUN anything")
		}
	}
	if user != "65532:65532" {
		t.Errorf("the user is %q", user)
	}
	command := imageCommand(t)
	// A folder within, which the program makes for itself alone, whatever the mode of the volume.
	if data := flag(t, command, "--data"); path.Dir(data) != volume {
		t.Errorf("the data is in %s, the volume is %s", data, volume)
	}
}

// The toolchain of the build stage is the one of go.mod.
func TestDockerfileHasTheGoOfGoMod(t *testing.T) {
	_, version, _ := strings.Cut(read(t, "../go.mod"), "\ngo ")
	version, _, _ = strings.Cut(version, "\n")
	minor := strings.Join(strings.Split(version, ".")[:2], ".")
	if want := "golang:" + minor + "-bookworm"; stages(t)[0].BaseName != want {
		t.Errorf("the build stage is of %s instead of %s", stages(t)[0].BaseName, want)
	}
}

func TestDockerfileLint(t *testing.T) {
	hadolint := tool(t, "hadolint")
	wantExit(t, 0, exec.Command(hadolint, "--no-color", "Dockerfile"))
	wrong := filepath.Join(t.TempDir(), "Dockerfile")
	write(t, wrong, strings.Replace(read(t, "Dockerfile"), "cc-debian12:nonroot", "cc-debian12:latest", 1), 0o644)
	if out := wantExit(t, 1, exec.Command(hadolint, "--no-color", wrong)); !strings.Contains(out, "DL3007") {
		t.Errorf("hadolint says %s", out)
	}
}

// The program needs no library that the base lacks.
// Source: https://github.com/GoogleContainerTools/distroless/blob/main/cc/README.md: glibc (of base),
// libgcc1 and libstdc++.
func TestProgramFitsTheBase(t *testing.T) {
	file, err := elf.Open(program)
	if err != nil {
		t.Skip("not a Linux program")
	}
	defer file.Close()
	libraries, err := file.ImportedLibraries()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(libraries, "libc.so.6") {
		t.Errorf("the program is linked with %v: a static one needs a smaller base", libraries)
	}
	for _, library := range libraries {
		switch name, _, _ := strings.Cut(library, ".so"); name {
		case "libc",
			"libm",
			"libdl",
			"libpthread",
			"librt",
			"libresolv",
			"libgcc_s",
			"libstdc++",
			"ld-linux-x86-64",
			"ld-linux-aarch64":
		default:
			t.Errorf("the base has no %s", library)
		}
	}
}

// Everything that the build reads is sent to it, and nothing that is secret.
func TestBuildContext(t *testing.T) {
	patterns, err := ignorefile.ReadAll(strings.NewReader(read(t, "Dockerfile.dockerignore")))
	if err != nil {
		t.Fatal(err)
	}
	ignored, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	files := append(compiledFiles(t, root), "go.mod", "go.sum")
	for _, file := range files {
		if out, err := ignored.MatchesOrParentMatches(file); err != nil || out {
			t.Errorf("the build needs %s, which Dockerfile.dockerignore leaves out (%v)", file, err)
		}
	}
	if len(files) < 200 {
		t.Errorf("the build needs %d files only", len(files))
	}
	for _, file := range []string{".git/config", "data/warehouse.duckdb", "demo-data/lake/x", "client_secret",
		"contoso.pem", ".env", "bin/m365lake"} {
		if out, err := ignored.MatchesOrParentMatches(file); err != nil || !out {
			t.Errorf("%s is sent to the build (%v)", file, err)
		}
	}
}

// compiledFiles are the files of this repository that m365lake is built from, from its folder on.
func compiledFiles(t *testing.T, root string) []string {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-json=Dir,GoFiles,CgoFiles,EmbedFiles,Module", "./cmd/m365lake")
	list.Dir, list.Stderr = root, os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for packages := json.NewDecoder(strings.NewReader(string(out))); packages.More(); {
		var p struct {
			Dir                           string
			GoFiles, CgoFiles, EmbedFiles []string
			Module                        *struct{ Main bool }
		}
		if err := packages.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if p.Module == nil || !p.Module.Main {
			continue
		}
		for _, file := range slices.Concat(p.GoFiles, p.CgoFiles, p.EmbedFiles) {
			path, err := filepath.Rel(root, filepath.Join(p.Dir, file))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, filepath.ToSlash(path))
		}
	}
	return files
}
