package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"m365lake/sandbox/products"
)

// writer is a client that may write.
type writer struct{ *client }

func startWriter(t *testing.T, o Options) *writer {
	t.Helper()
	c := start(t, o)
	status, body := c.signIn(c.tenant.ID(), c.tenant.WriterID(), c.tenant.WriterSecret(), anyScope)
	if status != 200 {
		t.Fatalf("sign-in: %d %v", status, body)
	}
	c.token = body["access_token"].(string)
	return &writer{c}
}

// try sends a write; err is that of a connection that was dropped.
func (w *writer) try(method, path, body string) (status int, answer map[string]any, header http.Header, err error) {
	req, err := http.NewRequest(method, w.server.URL()+"/v1.0"+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+w.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := w.http.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.Fatal(err)
	}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &answer); err != nil {
			w.Fatalf("%s %s: %v in %.300s", method, path, err, text)
		}
	}
	return resp.StatusCode, answer, resp.Header, nil
}

func (w *writer) send(method, path, body string) (int, map[string]any) {
	w.Helper()
	status, answer, _, err := w.try(method, path, body)
	if err != nil {
		w.Fatalf("%s %s: %v", method, path, err)
	}
	return status, answer
}

// want sends a write that must come to a status, and to a message when it fails.
func (w *writer) want(status int, message, method, path, body string) map[string]any {
	w.Helper()
	got, answer := w.send(method, path, body)
	code, text := problem(answer)
	if got != status || !strings.Contains(code+": "+text, message) || status < 300 && code != "" {
		w.Errorf("%s %s %s: %d %s: %s; want %d %s", method, path, body, got, code, text, status, message)
	}
	return answer
}

func problem(answer map[string]any) (code, message string) {
	e, _ := answer["error"].(map[string]any)
	code, _ = e["code"].(string)
	message, _ = e["message"].(string)
	return code, message
}

func (w *writer) get(path string) map[string]any {
	w.Helper()
	resp, body := w.graph(path)
	var v map[string]any
	if err := json.Unmarshal([]byte(body), &v); err != nil || resp.StatusCode != 200 {
		w.Fatalf("GET %s: %s %.300s", path, resp.Status, body)
	}
	return v
}

const everything = "$select=id,userPrincipalName,displayName,department,userType,accountEnabled,usageLocation," +
	"onPremisesSyncEnabled," +
	"assignedLicenses,licenseAssignmentStates"

// someUser finds the first in the directory whom the test is about.
func (w *writer) someUser(what string, is func(u map[string]any) bool) map[string]any {
	w.Helper()
	all, _ := w.list("/users?$top=999&" + everything)
	for _, u := range all {
		if is(u) {
			return u
		}
	}
	w.Fatalf("nobody %s", what)
	return nil
}

// ways lists in which ways a user holds a product: "direct" or the group's id, with the error if there is one.
func ways(u map[string]any, k int) (list []string) {
	for _, s := range u["licenseAssignmentStates"].([]any) {
		st := s.(map[string]any)
		if st["skuId"] != products.SKUs[k].ID {
			continue
		}
		way, _ := st["assignedByGroup"].(string)
		if way == "" {
			way = "direct"
		}
		if st["error"] != "None" {
			way += " " + st["error"].(string)
		}
		list = append(list, way)
	}
	return list
}

func (w *writer) user(id string) map[string]any {
	w.Helper()
	return w.get("/users/" + url.PathEscape(id) + "?" + everything)
}

func assigning(add []string, remove ...int) string {
	var removed []string
	for _, k := range remove {
		removed = append(removed, `"`+products.SKUs[k].ID+`"`)
	}
	return `{"addLicenses":[` + strings.Join(add, ",") + `],"removeLicenses":[` + strings.Join(removed, ",") + `]}`
}

func adding(k int, without ...string) string {
	for i, name := range without {
		without[i] = `"` + products.PlanID(name) + `"`
	}
	return `{"skuId":"` + products.SKUs[k].ID + `","disabledPlans":[` + strings.Join(without, ",") + `]}`
}

func (w *writer) consumed() map[string]int {
	w.Helper()
	all, _ := w.list("/subscribedSkus")
	m := map[string]int{}
	for _, s := range all {
		m[s["skuPartNumber"].(string)] = int(s["consumedUnits"].(float64))
	}
	return m
}

// newUser creates somebody who holds nothing.
func (w *writer) newUser(name, usage string) string {
	w.Helper()
	status, answer := w.send("POST", "/users", w.profile(name, usage))
	if status != 201 {
		w.Fatalf("%s: %d %v", name, status, answer)
	}
	return answer["id"].(string)
}

func (w *writer) profile(name, usage string) string {
	location := "null"
	if usage != "" {
		location = `"` + usage + `"`
	}
	return fmt.Sprintf(
		`{"accountEnabled":true,"displayName":"%s","mailNickname":"%[1]s","userPrincipalName":"%[1]s@%s",
			"usageLocation":%s,
		"passwordProfile":{"password":"Xyz-12345678","forceChangePasswordNextSignIn":true}}`,
		name,
		w.tenant.company.Domain,
		location,
	)
}
