package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/google/renameio/v2"
)

// A metric is one metric of the file, all its samples below one another as the format wants it.
// Source: prometheus.io/docs/instrumenting/exposition_formats, node_exporter's textfile collector.
type metric struct {
	name, help string
	samples    []sample
}

type sample struct {
	labels []string // names and values
	value  float64
}

// writeMetrics leaves the numbers of the run for Prometheus. The file names no people, and its mode
// lets node_exporter, another account, read it. A file of an earlier run is replaced as a whole.
func (r *runReport) writeMetrics(file string, totals []tenantTotals) error {
	var text bytes.Buffer
	for _, m := range r.metrics(totals) {
		m.write(&text)
	}
	if err := renameio.WriteFile(file, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("%w; make the folder writable, or name another in metrics.file", err)
	}
	return nil
}

func (r *runReport) metrics(totals []tenantTotals) []metric {
	one := func(name, help string, value float64, labels ...string) metric {
		return metric{name, help, []sample{{labels, value}}}
	}
	all := []metric{
		one("m365lake_build_info", "The program's version.", 1, "version", version()),
		one("m365lake_run_end_timestamp_seconds", "When the last run ended.", float64(r.ended.UnixMilli())/1000),
		one("m365lake_run_duration_seconds", "How long the last run took.", r.ended.Sub(r.started).Seconds()),
		one("m365lake_run_exit_code", "Exit code of the last run: 0 good, 1 gaps, 2 configuration, 3 nothing published, 130 interrupted.", float64(r.code)),
	}
	if info, err := os.Stat(r.config.folder().Warehouse()); err == nil {
		all = append(all, one("m365lake_warehouse_published_timestamp_seconds", "When the warehouse was last published.", float64(info.ModTime().UnixMilli())/1000))
	}
	ofRun := func(name, help string, value func(tenantSummary) float64) {
		m := metric{name: name, help: help}
		for _, t := range r.summary.Tenants {
			m.samples = append(m.samples, sample{[]string{"tenant", t.Tenant}, value(t)})
		}
		all = append(all, m)
	}
	ofRun("m365lake_tenant_loaded", "1 if the last run loaded the tenant, 0 if it failed.", func(t tenantSummary) float64 {
		if t.Err != nil {
			return 0
		}
		return 1
	})
	ofRun("m365lake_tenant_gaps", "Sources and reports of the last run that left a gap.", func(t tenantSummary) float64 { return float64(t.gaps()) })
	ofRun("m365lake_tenant_graph_requests", "Requests to Microsoft Graph in the last run.", func(t tenantSummary) float64 { return float64(t.Requests) })
	return append(all, publishedMetrics(totals)...)
}

// publishedMetrics are the numbers of the warehouse, which stay while runs fail. What is not known
// has no sample.
func publishedMetrics(totals []tenantTotals) []metric {
	users := metric{name: "m365lake_users", help: "Users in the directory."}
	licensed := metric{name: "m365lake_licensed_users", help: "Users licensed for any app."}
	active := metric{name: "m365lake_active_users", help: "Licensed users active in any app in 30 days."}
	reported := metric{name: "m365lake_activity_report_timestamp_seconds", help: "Begin of the last day the activity covers, in UTC."}
	bought := metric{name: "m365lake_paid_licenses_bought", help: "Seats of active paid subscriptions."}
	assigned := metric{name: "m365lake_paid_licenses_assigned", help: "Paid seats in use by an assignment."}
	idle := metric{name: "m365lake_paid_licenses_idle", help: "Paid licences of users without activity in 30 days."}
	unpriced := metric{name: "m365lake_paid_licenses_idle_without_price", help: "Idle paid licences that the cost leaves out."}
	cost := metric{name: "m365lake_idle_cost_monthly", help: "What idle paid licences cost a month."}
	for _, t := range totals {
		tenant := []string{"tenant", t.Tenant}
		users.add(tenant, true, float64(t.Users))
		licensed.add(tenant, t.Licensed.Valid, float64(t.Licensed.Int64))
		active.add(tenant, t.Active.Valid, float64(t.Active.Int64))
		reported.add(tenant, t.ReportDate.Valid, float64(t.ReportDate.Time.Unix()))
		bought.add(tenant, t.Bought.Valid, float64(t.Bought.Int64))
		assigned.add(tenant, t.Assigned.Valid, float64(t.Assigned.Int64))
		idle.add(tenant, t.Idle.Valid, float64(t.Idle.Int64))
		unpriced.add(tenant, t.Idle.Valid, float64(t.IdleWithoutPrice))
		cost.add([]string{"tenant", t.Tenant, "currency", t.Currency.String}, t.MonthlyIdleCost.Valid, t.MonthlyIdleCost.Float64)
	}
	return []metric{users, licensed, active, reported, bought, assigned, idle, unpriced, cost}
}

func (m *metric) add(labels []string, known bool, value float64) {
	if known {
		m.samples = append(m.samples, sample{labels, value})
	}
}

// labelEscapes are those of a label's value.
var labelEscapes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)

func (m metric) write(b *bytes.Buffer) {
	if len(m.samples) == 0 {
		return
	}
	fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s gauge\n", m.name, m.help, m.name)
	for _, s := range m.samples {
		b.WriteString(m.name)
		for i := 0; i < len(s.labels); i += 2 {
			separator := ","
			if i == 0 {
				separator = "{"
			}
			fmt.Fprintf(b, `%s%s="%s"`, separator, s.labels[i], labelEscapes.Replace(s.labels[i+1]))
		}
		if len(s.labels) > 0 {
			b.WriteString("}")
		}
		b.WriteString(" " + strconv.FormatFloat(s.value, 'f', -1, 64) + "\n")
	}
}
