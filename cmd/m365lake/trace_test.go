package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collectTraces is a collector at an OTLP endpoint; spans gives what came, once the run has ended.
func collectTraces(t *testing.T) (endpoint string, spans func() ([]*tracev1.Span, []byte)) {
	t.Helper()
	var mu sync.Mutex
	var got []*tracev1.Span
	var sent bytes.Buffer
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		sent.Write(body)
		var request collector.ExportTraceServiceRequest
		if err := proto.Unmarshal(body, &request); err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL, err)
		}
		for _, r := range request.ResourceSpans {
			for _, s := range r.ScopeSpans {
				got = append(got, s.Spans...)
			}
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, func() ([]*tracev1.Span, []byte) {
		mu.Lock()
		defer mu.Unlock()
		return got, sent.Bytes()
	}
}

// A run is one trace: the run, its tenants with their sources, the build with its tables. It tells
// no person's name and no secret.
func TestTraceOfARun(t *testing.T) {
	s := serveSandbox(t, sandboxOptions{users: 60, seed: 7, day: "2026-11-20"})
	endpoint, spans := collectTraces(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "api-key=T0KEN")
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test")
	command(t, exitGood, "sync", "--config", s.config, "--data", t.TempDir(), "--run-day", s.day)
	got, sent := spans()
	byID, names := map[string]*tracev1.Span{}, map[string]int{}
	for _, span := range got {
		byID[string(span.SpanId)] = span
		names[span.Name]++
		if string(span.TraceId) != string(got[0].TraceId) {
			t.Fatalf("%s is of another trace", span.Name)
		}
		if span.EndTimeUnixNano < span.StartTimeUnixNano {
			t.Errorf("%s ends before it begins", span.Name)
		}
	}
	path := func(span *tracev1.Span) string {
		names := []string{span.Name}
		for parent := byID[string(span.ParentSpanId)]; parent != nil; parent = byID[string(parent.ParentSpanId)] {
			names = append(names, parent.Name)
		}
		slices.Reverse(names)
		return strings.Join(names, " > ")
	}
	paths := map[string]*tracev1.Span{}
	for _, span := range got {
		paths[path(span)] = span
	}
	for _, want := range []string{"run", "run > tenant", "run > tenant > extract users", "run > tenant > transform users",
		"run > build", "run > build > load users"} {
		if paths[want] == nil {
			t.Errorf("there is no span %s", want)
		}
	}
	if names["run"] != 1 || names["tenant"] != 1 || names["extract teams_user_activity_detail"] != 12 {
		t.Errorf("%v", names)
	}
	if rows := spanAttribute(paths["run > build > load users"], "m365lake.rows"); rows != "60" {
		t.Errorf("%s users loaded", rows)
	}
	if tenant := spanAttribute(paths["run > tenant"], "m365lake.tenant"); tenant != "sandbox" {
		t.Errorf("tenant %q", tenant)
	}
	for _, known := range []string{"m365lake", "deployment.environment"} {
		if !bytes.Contains(sent, []byte(known)) {
			t.Errorf("the resource does not have %s", known)
		}
	}
	for _, secret := range []string{"T0KEN", s.tenant.ClientSecret(), ".example", s.tenant.ID()} {
		if bytes.Contains(sent, []byte(secret)) {
			t.Errorf("the traces have %q", secret)
		}
	}
}

// spanAttribute is the value of a span's attribute as a text.
func spanAttribute(span *tracev1.Span, key string) string {
	for _, a := range span.GetAttributes() {
		if a.Key == key {
			return strings.Trim(strings.TrimPrefix(strings.TrimPrefix(a.Value.String(), "string_value:"), "int_value:"), `"`)
		}
	}
	return ""
}
