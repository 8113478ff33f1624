package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"m365lake/internal/span"
)

// traceFlush is how long the end of a run waits for its last spans to be delivered.
const traceFlush = 5 * time.Second

// A Tracer traces runs to the collector that the environment names.
type Tracer struct {
	Getenv  func(name string) string // reads OTEL_TRACES_EXPORTER and the like; os.Getenv
	Version string                   // of the program
	Log     *slog.Logger             // told what is not delivered, without addresses
}

// tracesWanted reads the standard variables: traces are sent where an OTLP endpoint is named, or
// asked for by OTEL_TRACES_EXPORTER. It returns an error for what this program cannot do.
// Source: opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables.
func tracesWanted(getenv func(string) string) (bool, error) {
	endpoint := getenv("OTEL_EXPORTER_OTLP_ENDPOINT") + getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
	exporter := getenv("OTEL_TRACES_EXPORTER")
	if getenv("OTEL_SDK_DISABLED") == "true" || exporter == "none" || endpoint == "" && exporter == "" {
		return false, nil
	}
	if exporter != "" && exporter != "otlp" {
		return false, fmt.Errorf("OTEL_TRACES_EXPORTER is %q; set it to otlp or none", exporter)
	}
	protocol := cmp.Or(getenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"), getenv("OTEL_EXPORTER_OTLP_PROTOCOL"),
		"http/protobuf")
	if protocol != "http/protobuf" {
		return false, fmt.Errorf("the OTLP protocol is %q; set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf, "+
			"usually port 4318", protocol)
	}
	return true, nil
}

// Start begins the span of a run if traces are wanted; package span adds to it through the returned
// context. The returned function ends it and delivers what is left, within traceFlush; it must be
// called once. Spans have names of tenants, sources and tables, and no text of errors: those may name
// people.
func (t Tracer) Start(ctx context.Context, runID string, day time.Time) (
	traced context.Context, end func(exitCode int, failed bool)) {
	wanted, err := tracesWanted(t.Getenv)
	if err != nil {
		t.Log.Warn("no traces are sent", "error", err)
	}
	if !wanted {
		return ctx, func(int, bool) {}
	}
	warn := func(err error) { t.Log.Warn("traces were not delivered", "error", withoutURL(err)) }
	otel.SetLogger(logr.New(traceLog{warn}))
	otel.SetErrorHandler(otel.ErrorHandlerFunc(warn))
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		warn(err)
		return ctx, func(int, bool) {}
	}
	about := resource.NewSchemaless(
		attribute.String("service.name", "m365lake"), attribute.String("service.version", t.Version))
	if fromEnvironment, err := resource.Merge(about, resource.Environment()); err == nil {
		about = fromEnvironment
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	// A span begins with the provider of the context's span, which is none yet.
	root, started := provider.Tracer("m365lake").Start(ctx, "run", trace.WithAttributes(
		attribute.String("m365lake.run_id", runID), attribute.String("m365lake.run_day", day.Format(time.DateOnly))))
	run := span.Of(started)
	return root, func(exitCode int, failed bool) {
		run.Set(attribute.Int("m365lake.exit_code", exitCode))
		run.End(failed)
		flush, cancel := context.WithTimeout(context.WithoutCancel(root), traceFlush)
		defer cancel()
		if err := provider.Shutdown(flush); err != nil {
			warn(err)
		}
	}
}

// withoutURL is an error without the URL of the endpoint, which may hold a token.
func withoutURL(err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err
	}
	return err
}
