package erase

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"m365lake/extract"
	"m365lake/graph"
	"m365lake/graph/auth"
	"m365lake/graph/cloud"
	"m365lake/sandbox"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// pulledSources are the raw files of a sandbox tenant of all sources there are.
func pulledSources(t *testing.T) (paths []string) {
	t.Helper()
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	tenant, err := sandbox.New(sandbox.Options{Users: 60, Seed: 3, Faults: []string{"deleted_users"},
		Today: func() time.Time { return day.Add(5 * time.Hour) }, Throttle: sandbox.Throttle{Calls: -1}})
	if err != nil {
		t.Fatal(err)
	}
	server, err := tenant.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	custom, err := cloud.Custom(server.URL(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	client, err := graph.New(graph.Options{Cloud: custom, BaseDelay: time.Millisecond, Credentials: auth.Credentials{
		TenantID: tenant.ID(), ClientID: tenant.ClientID(), ClientSecret: tenant.ClientSecret()}})
	if err != nil {
		t.Fatal(err)
	}
	week := []schemas.Period{7}
	sources := slices.Concat(extract.Directory(), []extract.Source{extract.SignInActivity(extract.Pace{})},
		extract.ReportSources(reports.All(), week), extract.CountSources(reports.Counts(), week))
	dir := t.TempDir()
	results, err := extract.Run{Client: client, Dir: dir, TenantID: tenant.ID(), Day: day, ID: "run", Sources: sources,
		Jobs: 4}.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Err != nil {
			t.Errorf("%s: %v", r.Source.Name, r.Err)
			continue
		}
		paths = append(paths, filepath.Join(dir, r.Source.File()))
	}
	return paths
}

// eachValue hands out the values of a raw file with the header or property that they stand under.
func eachValue(t *testing.T, path string, use func(name, value string)) {
	t.Helper()
	file, err := extract.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if extract.IsReport(path) {
		reader := csv.NewReader(file)
		reader.FieldsPerRecord = -1
		lines, err := reader.ReadAll()
		if err != nil {
			t.Fatal(path, err)
		}
		for _, line := range lines[min(1, len(lines)):] {
			for i, value := range line {
				use(lines[0][i], value)
			}
		}
		return
	}
	var walk func(name string, value any)
	walk = func(name string, value any) {
		switch value := value.(type) {
		case string:
			use(name, value)
		case []any:
			for _, v := range value {
				walk(name, v)
			}
		case map[string]any:
			for n, v := range value {
				walk(n, v)
			}
		}
	}
	for decoder := json.NewDecoder(file); ; {
		var page any
		if err := decoder.Decode(&page); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(path, err)
		}
		walk("", page)
	}
}

// Of no source there is does a header or property point at a person that forgetting passes over.
func TestEverySourceIsCompared(t *testing.T) {
	paths := pulledSources(t)
	people := map[string]bool{}
	for _, path := range paths {
		if strings.HasPrefix(filepath.Base(path), "users.") || strings.HasPrefix(filepath.Base(path), "deleted_users.") {
			eachValue(t, path, func(name, value string) {
				if slices.Contains([]string{"id", "userPrincipalName", "mail"}, name) {
					people[strings.ToLower(value)] = true
				}
			})
		}
	}
	if len(people) < 120 || len(paths) < 30 {
		t.Fatalf("%d names of people, %d sources", len(people), len(paths))
	}
	compared := 0
	for _, path := range paths {
		isCompared := propertyIsCompared
		if extract.IsReport(path) {
			isCompared = headerIsCompared
		}
		passedOver := map[string]bool{}
		eachValue(t, path, func(name, value string) {
			points := people[strings.ToLower(value)] || strings.Contains(value, sitePath)
			if points && isCompared(name) {
				compared++
			}
			if points && !isCompared(name) && !passedOver[name] {
				passedOver[name] = true
				t.Errorf("%s: %q under %q is a person's, but schemas/disclosure.go says that it points at nobody",
					filepath.Base(path), value, name)
			}
		})
	}
	if compared < 1000 {
		t.Errorf("only %d values point at people", compared)
	}
}
