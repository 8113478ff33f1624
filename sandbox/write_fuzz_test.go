package sandbox

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
	"m365lake/sandbox/reports"
)

// FuzzWrites sends any payload to any write: nothing panics, and what was refused changed nothing.
func FuzzWrites(f *testing.F) {
	tenant, err := New(Options{Users: 12, Today: at(monday)})
	if err != nil {
		f.Fatal(err)
	}
	s := &Server{tenant: tenant}
	front := s.frontDoor(reports.New(tenant.company, tenant.clock, tenant.faults, Throttle{}, ""))
	p := tenant.company.Person(3, calendar.Of(tenant.clock.Tenant()))
	id := string(tenant.company.AppendID(nil, &p))
	group := tenant.company.GroupID(company.GroupE3)
	f.Add("POST", "users/"+id+"/assignLicense", assigning([]string{adding(products.E3, "TEAMS1")}, products.E5))
	f.Add("POST", "users/"+id+"/assignLicense", `{"addLicenses":[{"skuId":null}],"removeLicenses":[null]}`)
	f.Add("PATCH", "users/"+id, `{"accountEnabled":false,"displayName":"\u0000\""}`)
	f.Add("POST", "users", `{"accountEnabled":true,"displayName":"x","mailNickname":"x",`+
		`"userPrincipalName":"x@`+tenant.company.Domain+`","passwordProfile":{"password":"Xyz-12345678"}}`)
	f.Add("POST", "directory/deletedItems/"+id+"/restore", `{"newUserPrincipalName":7}`)
	f.Add("POST", "groups/"+group+"/members/$ref", `{"@odata.id":"https://graph.microsoft.com/v1.0/users/`+id+`"}`)
	f.Add("DELETE", "groups/"+group+"/members/"+id+"/$ref", ``)
	f.Add("POST", "$batch", `{"requests":[{"id":"1","method":"DELETE","url":"/users/`+id+`"},{"id":"2",`+
		`"method":"GET","url":"://","dependsOn":["1"]}]}`)
	f.Add("POST", "directoryObjects/getByIds", `{"ids":["`+id+`","x"],"types":["user"]}`)
	token := "Bearer " + tenant.tokens.Writer()
	f.Fuzz(func(t *testing.T, method, path, payload string) {
		r, err := http.NewRequest(method, "/v1.0/"+path, strings.NewReader(payload))
		if err != nil {
			return
		}
		r.Header.Set("Authorization", token)
		before, changes := s.State(), len(s.Changes())
		front.ServeHTTP(httptest.NewRecorder(), r)
		if len(s.Changes()) == changes && !bytes.Equal(s.State(), before) {
			t.Errorf("%s %s %s: no change is listed, and the state is another", method, path, payload)
		}
	})
}
