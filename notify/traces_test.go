package notify

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

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
