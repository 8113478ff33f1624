package notify

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"m365lake/internal/span"
)

var traceDay = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// Spans that package span begins and records belong to the trace of the run, and are delivered when it
// ends.
func TestTracer(t *testing.T) {
	var mu sync.Mutex
	var request collector.ExportTraceServiceRequest
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		if err := proto.Unmarshal(body, &request); err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL, err)
		}
	}))
	defer server.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	tracer := Tracer{Getenv: os.Getenv, Version: "v1", Log: slog.New(slog.DiscardHandler)}
	ctx, end := tracer.Start(t.Context(), "id", traceDay)
	_, tenant := span.Start(ctx, "tenant", attribute.String("m365lake.tenant", "north"))
	tenant.Record(span.Step{Name: "extract users", Started: traceDay, Took: time.Minute, Failed: true})
	tenant.End(false)
	end(1, false)
	mu.Lock()
	defer mu.Unlock()
	parents, lasted, failed := map[string]string{}, map[string]time.Duration{}, map[string]bool{}
	ids := map[string]string{"": ""}
	for _, resource := range request.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			for _, s := range scope.Spans {
				ids[string(s.SpanId)] = s.Name
			}
			for _, s := range scope.Spans {
				parents[s.Name] = ids[string(s.ParentSpanId)]
				lasted[s.Name] = time.Duration(s.EndTimeUnixNano - s.StartTimeUnixNano)
				failed[s.Name] = s.GetStatus().GetCode().String() == "STATUS_CODE_ERROR"
			}
		}
	}
	if len(parents) != 3 || parents["tenant"] != "run" || parents["extract users"] != "tenant" || parents["run"] != "" {
		t.Errorf("%v", parents)
	}
	if lasted["extract users"] != time.Minute || !failed["extract users"] || failed["run"] || failed["tenant"] {
		t.Errorf("%v, %v", lasted, failed)
	}
}

// Without a run that is traced, spans cost nothing and do nothing.
func TestSpansWithoutATracer(t *testing.T) {
	ctx, end := Tracer{Getenv: func(string) string { return "" }}.Start(t.Context(), "id", traceDay)
	_, s := span.Start(ctx, "tenant")
	s.Record(span.Step{Name: "x"})
	s.Set(attribute.Int("n", 1))
	s.End(true)
	var none *span.Span
	none.Record(span.Step{Name: "x"})
	none.Set(attribute.Int("n", 1))
	none.End(true)
	end(0, false)
}

// A collector that is not there costs a warning without its address, and not the run.
func TestTracerWithoutCollector(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", gone.URL+"/T0KEN")
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "T0KEN-without-a-name")
	gone.Close()
	var log bytes.Buffer
	_, end := Tracer{Getenv: os.Getenv, Log: slog.New(slog.NewTextHandler(&log, nil))}.Start(t.Context(), "id", traceDay)
	end(0, false)
	for _, want := range []string{"traces were not delivered", "parse headers: missing"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is missing in %s", want, &log)
		}
	}
	if strings.Contains(log.String(), "T0KEN") {
		t.Errorf("%s", &log)
	}
}

func TestTracesWanted(t *testing.T) {
	const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318"
	for _, test := range []struct {
		environment []string
		want        bool
		fault       string
	}{
		{nil, false, ""},
		{[]string{endpoint}, true, ""},
		{[]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:4318/v1/traces"}, true, ""},
		{[]string{"OTEL_TRACES_EXPORTER=otlp"}, true, ""},
		{[]string{endpoint, "OTEL_TRACES_EXPORTER=none"}, false, ""},
		{[]string{endpoint, "OTEL_SDK_DISABLED=true"}, false, ""},
		{[]string{endpoint, "OTEL_TRACES_EXPORTER=zipkin"}, false,
			`OTEL_TRACES_EXPORTER is "zipkin"; set it to otlp or none`},
		{[]string{endpoint, "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, false,
			`the OTLP protocol is "grpc"; set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf, usually port 4318`},
		{[]string{endpoint, "OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
			"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf"}, true, ""},
	} {
		get := func(name string) string {
			for _, v := range test.environment {
				if key, value, _ := strings.Cut(v, "="); key == name {
					return value
				}
			}
			return ""
		}
		got, err := tracesWanted(get)
		fault := ""
		if err != nil {
			fault = err.Error()
		}
		if got != test.want || fault != test.fault {
			t.Errorf("%v: %v, %q", test.environment, got, fault)
		}
	}
}

func TestWithoutURL(t *testing.T) {
	err := withoutURL(&url.Error{Op: "Post", URL: "https://x.example/T0KEN", Err: errors.New("timeout")})
	if err.Error() != "timeout" {
		t.Errorf("%v", err)
	}
}
