package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"m365lake/pipeline/datafolder"
)

// Everything a run writes at its most talkative is searched: output, logs, raw files, lake, warehouse,
// exports, control database, metrics, messages and traces hold no secret, token or assertion.
func TestNothingWrittenHoldsASecret(t *testing.T) {
	c := newChaos(t, 5, 60)
	inbox := newInbox()
	t.Cleanup(inbox.Close)
	endpoint, spans := collectTraces(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "api-key=header-T0KEN")
	t.Setenv("HOOK", "generic+"+inbox.URL+"/hook-T0KEN?key=k-T0KEN")
	t.Setenv("CHECK", inbox.URL+"/check-T0KEN")
	metrics := filepath.Join(c.data, "m365lake.prom")
	text, err := os.ReadFile(c.config)
	if err != nil {
		t.Fatal(err)
	}
	write(
		t, c.config,
		string(
			text)+"notify: {urls: [{env: HOOK}], healthcheck: {env: CHECK}, named_users: 3}\nmetrics: {file: "+metrics+
			"}\nprovisioning: {enabled: true}\n")

	books := readModel(t, c.server.State())
	said := c.sync(t, c.data, exitGood, "--verbose", "--log-format", "json")
	said += command(t, exitGood, "check", "--config", c.config, "--data", c.data, "--json")
	said += command(t, exitGood, "config", "show", "--config", c.config)
	asked := false
	for id, u := range books {
		if u.Enabled && !u.Deleted && !strings.Contains(u.Name, "#") {
			said += c.run(t, exitGood, "add", "--action", "revoke_sessions", "--user", id)
			asked = true
			break
		}
	}
	if !asked {
		t.Fatal("nobody to ask something for")
	}
	c.plan(t, "plan")
	said += c.sync(t, c.data, exitGood, "--verbose", "--log-format", "json")
	said += c.run(t, exitGood, "status", "--json")

	secrets := append(c.server.Secrets(), c.tenant.ClientSecret(), c.tenant.WriterSecret(), "T0KEN")
	holdsNone(t, said, c.data, secrets)
	_, sent := spans()
	if len(sent) == 0 {
		t.Error("there are no traces")
	}
	told := 0
	for _, r := range inbox.take() {
		told++
		sent = append(sent, r.body...) // the address is itself the secret
	}
	if told < 4 {
		t.Errorf("%d messages and pings", told)
	}
	for _, secret := range secrets {
		if strings.Contains(string(sent), secret) {
			t.Errorf("a trace or a message holds the secret %.12s...", secret)
		}
	}
	if !datafolder.Exists(metrics) {
		t.Error("there are no metrics")
	}
}
