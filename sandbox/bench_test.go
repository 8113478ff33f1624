package sandbox

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

const benchUsers = 100_000

func BenchmarkReports(b *testing.B) {
	tenant, err := New(Options{Users: benchUsers, Today: at(monday)})
	if err != nil {
		b.Fatal(err)
	}
	for _, r := range reports {
		b.Run(strings.TrimPrefix(r.function, "get"), func(b *testing.B) {
			for b.Loop() {
				v := &reportView{t: tenant, report: &r, refresh: tenant.refreshed(&r), days: 180, covers: []int{180}}
				v.stream(discard{}, false)
			}
			b.ReportMetric(float64(benchUsers*b.N)/b.Elapsed().Seconds(), "people/s")
		})
	}
}

func BenchmarkUsers(b *testing.B) {
	tenant, err := New(Options{Users: benchUsers, Today: at(monday)})
	if err != nil {
		b.Fatal(err)
	}
	s := &Server{tenant: tenant}
	query := "$top=999&$expand=manager($select=id)&$select=id,displayName,givenName,surname,userPrincipalName,mail,jobTitle,department," +
		"companyName,officeLocation,city,country,usageLocation,employeeId,employeeType,employeeHireDate,userType,accountEnabled," +
		"createdDateTime,preferredLanguage,onPremisesSyncEnabled,assignedLicenses,licenseAssignmentStates"
	token := "Bearer " + tenant.accessToken(tenant.now())
	for b.Loop() {
		for next := 0; next < benchUsers; next += 999 {
			r, err := http.NewRequest(http.MethodGet, "/v1.0/users?"+query+"&$skiptoken="+s.pageToken("users", next), nil)
			if err != nil {
				b.Fatal(err)
			}
			r.Header.Set("Authorization", token)
			s.serveGraph(discard{}, r)
		}
	}
	b.ReportMetric(float64(benchUsers*b.N)/b.Elapsed().Seconds(), "people/s")
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) WriteHeader(int)             {}
func (discard) Write(b []byte) (int, error) { return io.Discard.Write(b) }
