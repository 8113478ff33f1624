package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"m365lake/sandbox"
)

// check signs in as the application that writes, and tells which changes it may make. A sync that
// applies nothing does without all of them.
func TestCheckWriter(t *testing.T) {
	t.Parallel()
	tenant, err := sandbox.New(sandbox.Options{Users: 20, Seed: 7, Faults: []string{"no_member_permission"}})
	if err != nil {
		t.Fatal(err)
	}
	server, err := tenant.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	folder := t.TempDir()
	reads, writes, file := filepath.Join(folder, "reads"), filepath.Join(folder, "writes"),
		filepath.Join(folder, "pipelines.yaml")
	write(t, reads, tenant.ClientSecret())
	write(t, writes, tenant.WriterSecret())
	reader := strings.Replace(sandboxConnection(tenant, server.URL()), "{env: M365_CLIENT_SECRET}", "{file: "+reads+"}", 1)
	check := func(more string) string {
		write(t, file, reader+more+sandboxReports+"periods: [D7]\n")
		return strings.Join(strings.Fields(command(t, exitGood, "check", "--config", file)), " ")
	}
	writer := "    provisioning: {client_id: " + tenant.WriterID() + ", client_secret: {file: " + writes + "}}\n"
	for name, test := range map[string]struct {
		config     string
		has, lacks []string
	}{
		"nothing writes": {lacks: []string{"provisioning", "ReadWrite"}},
		"an application of its own": {
			config: writer,
			has: []string{
				"ok provisioning signs in as application " + tenant.WriterID(),
				"ok LicenseAssignment.ReadWrite.All granted (Application): giving, taking",
				"ok User.DeleteRestore.All granted by User.ReadWrite.All (Application): deleting",
				"note GroupMember.ReadWrite.All missing (Application permission): nobody can be added to a group or removed",
			},
		},
		"the application that reads": {
			config: "provisioning: {enabled: true}\n",
			has: []string{
				"ok provisioning signs in as application " + tenant.ClientID(),
				"note LicenseAssignment.ReadWrite.All missing (Application permission): no licence can be given or taken",
			},
		},
		"a wrong secret": {
			config: strings.Replace(writer, writes, reads, 1),
			has:    []string{"note provisioning ", "AADSTS7000215"},
			lacks:  []string{"LicenseAssignment", tenant.ClientSecret()},
		},
	} {
		t.Run(name, func(t *testing.T) {
			said := check(test.config)
			for _, want := range test.has {
				if !strings.Contains(said, want) {
					t.Errorf("no %q in\n%s", want, said)
				}
			}
			for _, unwanted := range test.lacks {
				if strings.Contains(said, unwanted) {
					t.Errorf("%q in\n%s", unwanted, said)
				}
			}
		})
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 3 {
		t.Errorf("check left %v, %v", entries, err)
	}
}
