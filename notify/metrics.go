package notify

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// WriteMetrics leaves the numbers of a run in a file for node_exporter's textfile collector, which
// wants a name that ends in .prom. The file names no people and everybody may read it, whatever the
// umask, because node_exporter runs under another account. A file of an earlier run is replaced as a
// whole. It returns an error if the file cannot be written.
func WriteMetrics(file string, r Run) error {
	if err := prometheus.WriteToTextfile(file, runMetrics(r)); err != nil {
		return fmt.Errorf("%w; make the folder writable, or name another in metrics.file", err)
	}
	return nil
}

// runMetrics are the metrics of a run and of the warehouse that is there. A number
// that is not known has no sample.
func runMetrics(r Run) *prometheus.Registry {
	registry := prometheus.NewRegistry()
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
		registry.MustRegister(g)
		return g
	}
	gauge("m365lake_build_info", "The program's version.", "version").WithLabelValues(r.Version).Set(1)
	gauge("m365lake_run_end_timestamp_seconds", "When the last run ended.").
		WithLabelValues().Set(float64(r.Ended.UnixMilli()) / 1000)
	gauge("m365lake_run_duration_seconds", "How long the last run took.").
		WithLabelValues().Set(r.Ended.Sub(r.Started).Seconds())
	gauge("m365lake_run_exit_code",
		"Exit code of the last run: 0 good, 1 gaps, 2 configuration, 3 nothing published, 130 interrupted.").
		WithLabelValues().Set(float64(r.ExitCode))
	if at := r.WarehousePublished; !at.IsZero() {
		gauge("m365lake_warehouse_published_timestamp_seconds", "When the warehouse was last published.").
			WithLabelValues().Set(float64(at.UnixMilli()) / 1000)
	}

	loaded := gauge("m365lake_tenant_loaded", "1 if the last run loaded the tenant, 0 if it failed.", "tenant")
	gaps := gauge("m365lake_tenant_gaps", "Sources and reports of the last run that left a gap.", "tenant")
	requests := gauge("m365lake_tenant_graph_requests", "Requests to Microsoft Graph in the last run.", "tenant")
	for _, t := range r.Tenants {
		loaded.WithLabelValues(t.Name).Set(1)
		if t.Failed {
			loaded.WithLabelValues(t.Name).Set(0)
		}
		gaps.WithLabelValues(t.Name).Set(float64(t.Failures))
		requests.WithLabelValues(t.Name).Set(float64(t.Requests))
	}

	users := gauge("m365lake_users", "Users in the directory.", "tenant")
	licensed := gauge("m365lake_licensed_users", "Users licensed for any app.", "tenant")
	active := gauge("m365lake_active_users", "Licensed users active in any app in 30 days.", "tenant")
	reported := gauge("m365lake_activity_report_timestamp_seconds",
		"Begin of the last day the activity covers, in UTC.", "tenant")
	bought := gauge("m365lake_paid_licenses_bought", "Seats of active paid subscriptions.", "tenant")
	assigned := gauge("m365lake_paid_licenses_assigned", "Paid seats in use by an assignment.", "tenant")
	idle := gauge("m365lake_paid_licenses_idle", "Paid licences of users without activity in 30 days.", "tenant")
	unpriced := gauge("m365lake_paid_licenses_idle_without_price",
		"Idle paid licences that the cost leaves out.", "tenant")
	cost := gauge("m365lake_idle_cost_monthly", "What idle paid licences cost a month.", "tenant", "currency")
	set := func(g *prometheus.GaugeVec, known bool, value float64, labels ...string) {
		if known {
			g.WithLabelValues(labels...).Set(value)
		}
	}
	for _, t := range r.Totals {
		set(users, true, float64(t.Users), t.Tenant)
		set(licensed, t.Licensed.Valid, float64(t.Licensed.Int64), t.Tenant)
		set(active, t.Active.Valid, float64(t.Active.Int64), t.Tenant)
		set(reported, t.ReportDate.Valid, float64(t.ReportDate.Time.Unix()), t.Tenant)
		set(bought, t.Bought.Valid, float64(t.Bought.Int64), t.Tenant)
		set(assigned, t.Assigned.Valid, float64(t.Assigned.Int64), t.Tenant)
		set(idle, t.Idle.Valid, float64(t.Idle.Int64), t.Tenant)
		set(unpriced, t.Idle.Valid, float64(t.IdleWithoutPrice), t.Tenant)
		set(cost, t.MonthlyIdleCost.Valid, t.MonthlyIdleCost.Float64, t.Tenant, t.Currency.String)
	}
	return registry
}
