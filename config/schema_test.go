package config

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"m365lake"
)

// faults holds a value against a schema, as an editor does.
func (s *Schema) faults(at string, value any) []string {
	var found []string
	fail := func(format string, args ...any) { found = append(found, at+": "+fmt.Sprintf(format, args...)) }
	if len(s.AnyOf) > 0 {
		for _, form := range s.AnyOf {
			if len(form.faults(at, value)) == 0 {
				return nil
			}
		}
		fail("fits no form")
		return found
	}
	switch v := value.(type) {
	case map[string]any:
		if s.Type != "object" {
			fail("is a mapping instead of %s", s.Type)
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if property := s.Properties[key]; property != nil {
				found = append(found, property.faults(at+"."+key, v[key])...)
			} else if s.AdditionalProperties != nil && !*s.AdditionalProperties {
				fail("unknown key %s", key)
			}
		}
		for _, key := range s.Required {
			if _, ok := v[key]; !ok {
				fail("lacks %s", key)
			}
		}
		if len(v) < s.MinProperties || s.MaxProperties > 0 && len(v) > s.MaxProperties {
			fail("has %d keys", len(v))
		}
	case []any:
		if s.Type != "array" || len(v) < s.MinItems {
			fail("%d items instead of %s", len(v), s.Type)
			return found
		}
		for i, item := range v {
			if s.UniqueItems && slices.ContainsFunc(v[:i], func(other any) bool { return reflect.DeepEqual(other, item) }) {
				fail("item %d is there twice", i)
			}
			found = append(found, s.Items.faults(at+"["+strconv.Itoa(i)+"]", item)...)
		}
	case string:
		if s.Type != "string" || s.Enum != nil && !slices.Contains(s.Enum, v) ||
			s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v) {
			fail("%q", v)
		}
	case int:
		if s.Type != "integer" || s.Minimum != nil && v < *s.Minimum || s.Maximum != nil && v > *s.Maximum {
			fail("%d", v)
		}
	case bool:
		if s.Type != "boolean" {
			fail("%v", v)
		}
	default:
		fail("%v of type %T", value, value)
	}
	return found
}

func schemaFaults(t *testing.T, text []byte) []string {
	t.Helper()
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return []string{err.Error()}
	}
	return FileSchema().faults("", value)
}

// What the parser takes, the schema takes.
func TestSchemaAcceptsWhatIsRead(t *testing.T) {
	everything, err := os.ReadFile("testdata/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse("everything.yaml", everything); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"everything.yaml": everything, "pipelines.yaml": []byte(m365lake.Pipelines),
	} {
		if faults := schemaFaults(t, text); len(faults) > 0 {
			t.Errorf("%s: %q", name, faults)
		}
	}
}

// What the parser refuses, the schema refuses, but for what a schema cannot say.
func TestSchemaRefusesFaults(t *testing.T) {
	beyond := []string{ // names that must differ between tenants, what two keys mean together, addresses
		"client_id_empty", "tenant_name_twice", "tenant_id_twice", "tenant_id_placeholder", "no_sign_in", "secret_and_auth",
		"secret_empty", "secret_env_and_file", "endpoints_with_path", "endpoints_plain_http", "federation_empty",
		"writer_two_ways", "writer_no_sign_in", "writer_without_client_id",
		"retention_lake_too_short", "retention_history_shorter",
	}
	files, err := filepath.Glob("testdata/faults/*/pipelines.yaml")
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(filepath.Dir(file))
		if len(schemaFaults(t, text)) > 0 {
			refused++
		} else if !slices.Contains(beyond, name) {
			t.Errorf("%s: the schema accepts it", name)
		}
	}
	if refused < 30 {
		t.Errorf("only %d are refused", refused)
	}
}

// testdata/everything.yaml has every key that the schema has, so that config show is tested for it.
func TestEverythingHasEveryKey(t *testing.T) {
	text, err := os.ReadFile("testdata/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var missing func(s *Schema, at string)
	missing = func(s *Schema, at string) {
		for _, form := range s.AnyOf {
			missing(form, at)
		}
		if s.Items != nil {
			missing(s.Items, at)
		}
		for key, property := range s.Properties {
			if !regexp.MustCompile(`(?m)(^|[\s{,-])` + key + `:`).Match(text) {
				t.Errorf("everything.yaml lacks %s.%s", at, key)
			}
			missing(property, at+"."+key)
		}
	}
	missing(FileSchema(), "")
}

// Every key of pipelines.yaml that has a comment there is described by it.
func TestSchemaDescriptions(t *testing.T) {
	s := FileSchema()
	for path, want := range map[string]string{
		"periods":                  "Days each report covers, counted back from Microsoft's last finished day.",
		"limits.jobs":              "requests in flight for one tenant",
		"trust.max_shrink_percent": "a report that loses more of its rows than this is not believed",
		"data": "Folder of the raw files, the lake, the warehouse and the exports " +
			"(relative to this file).",
	} {
		at := s
		for key := range strings.SplitSeq(path, ".") {
			at = at.Properties[key]
		}
		if at.Description != want {
			t.Errorf("%s: %q", path, at.Description)
		}
	}
	if at := s.Properties["tenants"].Items.Properties["tenant_id"]; !strings.Contains(
		at.Description,
		"Directory (tenant) ID",
	) ||
		at.Pattern == "" {
		t.Errorf("%+v", at)
	}
}

// What config show prints means the same as the file it was read from.
func TestShowReadsBack(t *testing.T) {
	for _, file := range []string{"testdata/everything.yaml", "../pipelines.yaml"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := parse("f", text, false)
		if err != nil {
			t.Fatal(err)
		}
		var shown bytes.Buffer
		if err := want.Show(&shown); err != nil {
			t.Fatal(err)
		}
		got, err := parse("f", shown.Bytes(), false)
		if err != nil {
			t.Fatalf("%s: %v\n%s", file, err, &shown)
		}
		for _, c := range []*Config{&got, &want} {
			for i := range c.Tenants {
				c.Tenants[i].Line = 0
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s\n%s", file, cmp.Diff(fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", got)), &shown)
		}
		if faults := schemaFaults(t, shown.Bytes()); len(faults) > 0 {
			t.Errorf("%s: %q", file, faults)
		}
	}
}
