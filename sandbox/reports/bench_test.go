package reports

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"m365lake/sandbox/clock"
	"m365lake/sandbox/company"
	"m365lake/sandbox/faults"
)

const benchUsers = 100_000

func BenchmarkReports(b *testing.B) {
	at := clock.New(func() time.Time { return time.Date(2026, 3, 16, 11, 30, 0, 0, time.UTC) }, nil)
	s := New(company.New(benchUsers, 0), at, faults.Set{}, Throttle{}, "")
	for _, r := range reports {
		b.Run(strings.TrimPrefix(r.function, "get"), func(b *testing.B) {
			for b.Loop() {
				v := s.view(&r)
				v.refresh, v.days, v.covers = s.refreshed(&r), 180, []int{180}
				v.stream(discard{}, false)
			}
			b.ReportMetric(float64(benchUsers*b.N)/b.Elapsed().Seconds(), "people/s")
		})
	}
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) WriteHeader(int)             {}
func (discard) Write(b []byte) (int, error) { return io.Discard.Write(b) }
