package graphapi

import (
	"io"
	"net/http"
	"testing"
	"time"

	"m365lake/sandbox/books"
	"m365lake/sandbox/clock"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/entra"
	"m365lake/sandbox/faults"
)

const benchUsers = 100_000

func BenchmarkUsers(b *testing.B) {
	at := clock.New(func() time.Time { return time.Date(2026, 3, 16, 11, 30, 0, 0, time.UTC) }, nil)
	c, set := company.New(benchUsers, 0), faults.Set{}
	tokens := entra.NewTokens(c, at, set)
	s := New(
		Options{
			Company: c,
			Clock:   at,
			Faults:  set,
			Books:   books.New(c, at, set),
			Tokens:  tokens,
			IDs:     dice.NewSequence(0),
		},
	)
	query := "$top=999&$expand=manager($select=id)&$select=id,displayName,givenName,surname,userPrincipalName,mail," +
		"jobTitle,department," +
		"companyName,officeLocation,city,country,usageLocation,employeeId,employeeType,employeeHireDate,userType," +
		"accountEnabled," +
		"createdDateTime,preferredLanguage,onPremisesSyncEnabled,assignedLicenses,licenseAssignmentStates"
	token := "Bearer " + tokens.Reader()
	for b.Loop() {
		for next := 0; next < benchUsers; next += 999 {
			r, err := http.NewRequest(
				http.MethodGet,
				"/v1.0/users?"+query+"&$skiptoken="+s.pageToken("users", next),
				nil,
			)
			if err != nil {
				b.Fatal(err)
			}
			r.Header.Set("Authorization", token)
			s.ServeHTTP(discard{}, r)
		}
	}
	b.ReportMetric(float64(benchUsers*b.N)/b.Elapsed().Seconds(), "people/s")
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) WriteHeader(int)             {}
func (discard) Write(b []byte) (int, error) { return io.Discard.Write(b) }
