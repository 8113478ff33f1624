package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// guides are the documents about connecting and deploying.
var guides = []string{"../docs/connect.md", "../docs/deploy.md", "../docs/sign-in.md"}

// code is the text of a Markdown file that is code: a span or a line of a block each.
func code(text string) []string {
	var spans []string
	inBlock := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"):
			inBlock = !inBlock
		case inBlock:
			spans = append(spans, line)
		default:
			for i, part := range strings.Split(line, "`") {
				if i%2 == 1 {
					spans = append(spans, part)
				}
			}
		}
	}
	return spans
}

var (
	ourCommand = regexp.MustCompile(`(?:^|\s|bin/)m365lake ((?:[a-z]+ ?)+)(.*)`)
	longFlag   = regexp.MustCompile(`(?:^|\s)(--[a-z-]+)`)
)

// Every command of m365lake that the guides and the files name exists, with its flags.
func TestCommandsExist(t *testing.T) {
	root := wantExit(t, 0, exec.Command(program, "--help"))
	checked := 0
	check := func(where, line string) {
		match := ourCommand.FindStringSubmatch(line)
		if match == nil || strings.HasPrefix(line, "kubectl ") { // where m365lake is a namespace
			return
		}
		words := strings.Fields(match[1])
		help := wantExit(t, 0, exec.Command(program, append(slices.Clone(words), "--help")...))
		if !strings.Contains(help, "\n  m365lake "+strings.Join(words, " ")+" ") {
			t.Errorf("%s: there is no command m365lake %s", where, strings.Join(words, " "))
		}
		for _, named := range longFlag.FindAllStringSubmatch(match[2], -1) {
			if !strings.Contains(help+root, " "+named[1]+" ") {
				t.Errorf("%s: m365lake %s has no %s", where, strings.Join(words, " "), named[1])
			}
		}
		checked++
	}
	for _, guide := range guides {
		for _, line := range code(read(t, guide)) {
			check(guide, strings.SplitN(line, "#", 2)[0])
		}
	}
	_, service, _ := strings.Cut(read(t, "m365lake.service"), "\nExecStart=/usr/local/")
	check("m365lake.service", strings.SplitN(service, "\n", 2)[0])
	_, _, line := cronEntry(t)
	check("m365lake.cron", strings.SplitN(line, "||", 2)[0])
	check("Dockerfile", strings.TrimPrefix(strings.Join(imageCommand(t), " "), "/usr/local/"))
	_, job := manifest(t)
	check("kubernetes.yaml", "m365lake "+strings.Join(job.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Args, " "))
	if checked < 15 {
		t.Errorf("only %d commands were found", checked)
	}
}

// The permissions are the same wherever the guide lists them.
func TestGuideListsTheSamePermissions(t *testing.T) {
	text := read(t, "../docs/connect.md")
	name := regexp.MustCompile(`[A-Z][A-Za-z]+\.Read\.[A-Za-z]+`)
	between := func(begin, end string) []string {
		_, rest, found := strings.Cut(text, begin)
		list, _, ended := strings.Cut(rest, end)
		if !found || !ended {
			t.Fatalf("docs/connect.md has nothing between %q and %q", begin, end)
		}
		return slices.Sorted(slices.Values(name.FindAllString(list, -1)))
	}
	_, table, _ := strings.Cut(text, "| permission | for | without it |")
	table, _, _ = strings.Cut(table, "\n\n")
	var want []string // the first column; the others name larger ones
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Za-z.]+)` \\|").FindAllStringSubmatch(table, -1) {
		want = append(want, row[1])
	}
	slices.Sort(want)
	if len(want) != 7 {
		t.Errorf("the table has %v", want)
	}
	for _, list := range [][2]string{{"for permission in ", "; do"}, {"$permissions = ", "\n$graph"}} {
		if got := between(list[0], list[1]); !slices.Equal(got, want) {
			t.Errorf("after %q: %v instead of %v", list[0], got, want)
		}
	}
}

// The certificate of the guide signs in: its command makes it, the sandbox trusts it.
func TestCertificateOfTheGuide(t *testing.T) {
	tool(t, "openssl")
	var line string
	for _, span := range code(read(t, "../docs/connect.md")) {
		if strings.HasPrefix(span, "openssl ") {
			line = span
		}
	}
	folder := t.TempDir()
	shell := exec.Command("sh", "-c", "umask 077\n"+line)
	shell.Dir = folder
	wantExit(t, 0, shell)
	if info, err := os.Stat(filepath.Join(folder, "contoso.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key: %v %v", info, err)
	}
	served := serveTenant(t, "--certificate", filepath.Join(folder, "contoso.pem"))
	_, auth, _ := strings.Cut(read(t, "../docs/connect.md"), "`auth: {certificate: ")
	auth, _, _ = strings.Cut(auth, "`")
	config := filepath.Join(folder, "pipelines.yaml")
	write(
		t,
		config,
		strings.Replace(read(t, served.config), "client_secret: {file: "+served.secret+"}", "auth: {certificate: "+auth, 1),
		0o600,
	)
	wantExit(t, 0, exec.Command(program, "sync", "--config", config))
	wantPublished(t, filepath.Join(folder, "data"))
}

// What the guide asks the warehouse is answered.
func TestQuestionsOfTheGuide(t *testing.T) {
	served := serveTenant(t)
	data := filepath.Join(t.TempDir(), "data")
	wantExit(t, 0, exec.Command(program, "sync", "--config", served.config, "--data", data))
	asked := 0
	for _, span := range code(read(t, "../docs/deploy.md")) {
		question, found := strings.CutPrefix(span, `m365lake query "`)
		if !found {
			continue
		}
		out := wantExit(
			t,
			0,
			exec.Command(program, "query", "--data", data, "--format", "csv", strings.TrimSuffix(question, `"`)),
		)
		if lines := strings.Split(strings.TrimSpace(out), "\n"); len(lines) != 2 || lines[1] == "" {
			t.Errorf("%s answers %q", question, out)
		}
		asked++
	}
	if asked == 0 {
		t.Error("no question was found")
	}
}

// Azure CLI takes every command of the guide apart before it asks who is there.
func TestAzureCLIUnderstandsTheGuide(t *testing.T) {
	az, err := exec.LookPath("az")
	if err != nil {
		t.Skip("Azure CLI is not installed")
	}
	folder := t.TempDir()
	write(t, filepath.Join(folder, "contoso.pem"), "", 0o600)
	understood := 0
	for _, span := range code(read(t, "../docs/connect.md")) {
		at := strings.Index(span, "az ad ")
		if at < 0 {
			continue
		}
		command, _, _ := strings.Cut(span[at:], " > ")
		command = strings.TrimSuffix(strings.SplitN(command, " # ", 2)[0], ")")
		shell := exec.Command("sh", "-c", `az() { "$AZ" "$@"; }; app=a graph=b role=c permission=d; `+command)
		shell.Dir = folder
		shell.Env = append(os.Environ(), "AZ="+az, "AZURE_CONFIG_DIR="+folder, "AZURE_CORE_COLLECT_TELEMETRY=0")
		if out := wantExit(t, 1, shell); !strings.Contains(out, "az login") {
			t.Errorf("%s: %s", command, out)
		}
		understood++
	}
	if understood < 10 {
		t.Errorf("only %d commands were found", understood)
	}
}

// Links within the repository lead somewhere.
func TestLinksOfTheGuides(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)]+)\)`)
	heading := regexp.MustCompile(`(?m)^#+ (.+)$`)
	for _, guide := range append(slices.Clone(guides), "../README.md") {
		for _, match := range link.FindAllStringSubmatch(read(t, guide), -1) {
			target, anchor, _ := strings.Cut(match[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			file := guide
			if target != "" {
				file = filepath.Join(filepath.Dir(guide), target)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: %v", guide, err)
				continue
			}
			if anchor == "" {
				continue
			}
			var anchors []string
			for _, h := range heading.FindAllStringSubmatch(read(t, file), -1) {
				anchors = append(anchors, strings.ReplaceAll(strings.ToLower(h[1]), " ", "-"))
			}
			if !slices.Contains(anchors, anchor) {
				t.Errorf("%s: %s has no heading %s", guide, file, anchor)
			}
		}
	}
}
