package check

import (
	"fmt"
	"m365lake/graph/permissions"
	"os"
	"strings"
	"testing"
)

// docs/connect.md shows the permissions that the program asks for and checks. UPDATE=1 writes them.
func TestConnectPermissions(t *testing.T) {
	const path, begin, end = "../docs/connect.md", "-run ConnectPermissions -->\n", "<!-- end -->"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	shown, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatal("docs/connect.md has no place for the permissions")
	}
	var b strings.Builder
	b.WriteString("| permission | for | without it | also granted by |\n| --- | --- | --- | --- |\n")
	for _, p := range permissions.ForReading() {
		purpose := PurposeOf(p.Name)
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", p.Name, purpose.For, purpose.Without, strings.Join(p.Supersets, ", "))
	}
	if shown == b.String() {
		return
	}
	if os.Getenv("UPDATE") == "" {
		t.Fatalf("docs/connect.md shows\n%s\ninstead of\n%s(UPDATE=1 writes it)", shown, &b)
	}
	if err := os.WriteFile(path, []byte(before+begin+b.String()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
