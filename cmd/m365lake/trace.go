package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"m365lake/transform"
)

// traceFlush is how long the end of a run waits for its last spans to be delivered.
const traceFlush = 5 * time.Second

// tracesWanted reads the standard variables: traces are sent where an OTLP endpoint is named, or
// asked for by OTEL_TRACES_EXPORTER. Source: opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables.
func tracesWanted(get func(string) string) (bool, error) {
	endpoint := get("OTEL_EXPORTER_OTLP_ENDPOINT") + get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
	exporter := get("OTEL_TRACES_EXPORTER")
	if get("OTEL_SDK_DISABLED") == "true" || exporter == "none" || endpoint == "" && exporter == "" {
		return false, nil
	}
	if exporter != "" && exporter != "otlp" {
		return false, fmt.Errorf("OTEL_TRACES_EXPORTER is %q; set it to otlp or none", exporter)
	}
	protocol := cmp.Or(get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"), get("OTEL_EXPORTER_OTLP_PROTOCOL"), "http/protobuf")
	if protocol != "http/protobuf" {
		return false, fmt.Errorf("the OTLP protocol is %q; set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf, usually port 4318", protocol)
	}
	return true, nil
}

// startTrace begins the span of a run if traces are wanted; what it returns ends it and delivers
// what is left. Spans have names of tenants, sources and tables, and no text of errors: those may
// name people.
func startTrace(ctx context.Context, log *slog.Logger, runID string, day time.Time) (context.Context, func(code int)) {
	wanted, err := tracesWanted(os.Getenv)
	if err != nil {
		log.Warn("no traces are sent", "error", err)
	}
	if !wanted {
		return ctx, func(int) {}
	}
	warn := func(err error) { log.Warn("traces were not delivered", "error", withoutURL(err)) }
	otel.SetLogger(logr.New(traceLog{warn}))
	otel.SetErrorHandler(otel.ErrorHandlerFunc(warn))
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		warn(err)
		return ctx, func(int) {}
	}
	about := resource.NewSchemaless(attribute.String("service.name", "m365lake"), attribute.String("service.version", version()))
	if fromEnvironment, err := resource.Merge(about, resource.Environment()); err == nil {
		about = fromEnvironment
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	ctx, span := provider.Tracer("m365lake").Start(ctx, "run", trace.WithAttributes(
		attribute.String("m365lake.run_id", runID), attribute.String("m365lake.run_day", day.Format(time.DateOnly))))
	return ctx, func(code int) {
		span.SetAttributes(attribute.Int("m365lake.exit_code", code))
		endSpan(span, code != exitGood && code != exitGaps)
		flush, cancel := context.WithTimeout(context.WithoutCancel(ctx), traceFlush)
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

// startSpan begins a span within that of the context; there is none where traces are not wanted.
func startSpan(ctx context.Context, name string, attributes ...attribute.KeyValue) (context.Context, trace.Span) {
	return trace.SpanFromContext(ctx).TracerProvider().Tracer("m365lake").Start(ctx, name, trace.WithAttributes(attributes...))
}

func endSpan(span trace.Span, failed bool) {
	if failed {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// traceStep makes a span of a step that has ended, with the times it was recorded with.
func traceStep(parent trace.Span, step transform.StepRecord) {
	if parent == nil || !parent.IsRecording() {
		return
	}
	ctx := trace.ContextWithSpan(context.Background(), parent)
	_, span := parent.TracerProvider().Tracer("m365lake").Start(ctx, step.Stage+" "+withoutPeriod(step.Source),
		trace.WithTimestamp(step.Started), trace.WithAttributes(
			attribute.String("m365lake.source", step.Source), attribute.String("m365lake.status", step.Status),
			attribute.Int64("m365lake.rows", step.Rows), attribute.Int64("m365lake.bytes", step.Bytes)))
	if step.Status == "failed" {
		span.SetStatus(codes.Error, "")
	}
	span.End(trace.WithTimestamp(step.Started.Add(step.Took)))
}
