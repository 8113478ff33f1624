package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
)

type batchReply struct {
	ID      string
	Status  int
	Headers map[string]string
	Body    map[string]any
}

func (r *batchReply) code() string {
	code, message := problem(r.Body)
	return code + ": " + message
}

// item writes one request of a batch.
func item(id, method, url, body, dependsOn string) string {
	text := `{"id":"` + id + `","method":"` + method + `","url":"` + url + `"`
	if body != "" {
		text += `,"headers":{"Content-Type":"application/json"},"body":` + body
	}
	if dependsOn != "" {
		text += `,"dependsOn":["` + dependsOn + `"]`
	}
	return text + `}`
}

// batch sends requests together and returns the answers by id.
func (w *writer) batch(items ...string) map[string]*batchReply {
	w.Helper()
	body := `{"requests":[`
	for i, it := range items {
		if i > 0 {
			body += ","
		}
		body += it
	}
	status, answer := w.send("POST", "/$batch", body+`]}`)
	if status != 200 {
		w.Fatalf("batch: %d %v", status, answer)
	}
	text, _ := json.Marshal(answer["responses"])
	var list []*batchReply
	if err := json.Unmarshal(text, &list); err != nil {
		w.Fatal(err)
	}
	replies := map[string]*batchReply{}
	for _, r := range list {
		replies[r.ID] = r
	}
	if len(replies) != len(items) || len(list) != len(items) {
		w.Fatalf("%d answers to %d requests", len(list), len(items))
	}
	return replies
}

func TestBatch(t *testing.T) {
	w := startWriter(t, Options{Users: 100})
	a, b, d := w.newUser("a", "CH"), w.newUser("b", "CH"), w.newUser("d", "CH")
	r := w.batch(
		item("1", "POST", "/users/"+a+"/assignLicense", assigning([]string{adding(products.E3)}), ""),
		item("two", "PATCH", "users/"+b, `{"accountEnabled":false}`, ""),
		item("3", "GET", "/users/"+d+"?$select=id,accountEnabled", "", ""),
		item(
			"4",
			"POST",
			"/users/"+a+"/assignLicense",
			assigning([]string{adding(products.FlowFree)}),
			"",
		), // meets the first
		item("5", "POST", "/users/"+d+"/assignLicense", assigning([]string{adding(products.Visio)}), ""),
		item("6", "DELETE", "/users/"+d, "", "5"), // its predecessor fails
		item("7", "GET", "/reports/getTeamsUserActivityUserDetail(period='D7')", "", ""),
		item("8", "GET", "/users/nobody", "", ""),
		item("9", "POST", "/groups/"+w.tenant.company.GroupID(company.GroupCopilot)+"/members/$ref", w.ref(a), "1"),
	)
	for id, status := range map[string]int{"1": 200, "two": 204, "3": 200, "4": 409, "5": 400, "6": 424, "7": 302,
		"8": 404, "9": 204} {
		if r[id].Status != status {
			t.Errorf("request %s: %d %s, want %d", id, r[id].Status, r[id].code(), status)
		}
	}
	if r["4"].code() != "Directory_ConcurrencyViolation: Error due to concurrent requests being made to the tenant. "+
		"Please wait briefly and retry." {
		t.Errorf("two writes of one user at once: %s", r["4"].code())
	}
	if r["3"].Body["id"] != d || r["1"].Body["id"] != a || r["7"].Headers["Location"] == "" || r["two"].Body != nil {
		t.Errorf("answers: %+v", r)
	}
	if w.user(b)["accountEnabled"] != false || len(ways(w.user(a), products.Copilot)) != 1 ||
		len(ways(w.user(a), products.FlowFree)) != 0 {
		t.Error("what was answered is not what was done")
	}
	changes := w.server.Changes()
	if c := changes[len(changes)-1]; !c.Batch || c.GroupID != w.tenant.company.GroupID(company.GroupCopilot) ||
		c.UserID != a ||
		c.Path != "/v1.0/groups/"+c.GroupID+"/members/$ref" {
		t.Errorf("the last change: %+v", c)
	}

	many := `{"requests":[`
	for i := range 21 {
		many += item(strconv.Itoa(i), "GET", "/organization", "", "") + ","
	}
	for _, body := range []string{
		`{}`, `{"requests":[]}`, `nonsense`, many[:len(many)-1] + `]}`,
		`{"requests":[` + item("a", "GET", "/organization", "", "") + `,` + item("A", "GET", "/organization", "",
			"") + `]}`,
		`{"requests":[` + item("", "GET", "/organization", "", "") + `]}`,
		`{"requests":[` + item("1", "GET", "/organization", "", "2") + `]}`,
		`{"requests":[{"id":"1","method":"POST","url":"/users","body":{}}]}`,
		`{"requests":[{"id":"1","method":"GET"}]}`,
	} {
		w.want(400, "BadRequest", "POST", "/$batch", body)
	}
	w.token = w.tenant.tokens.Reader()
	r = w.batch(item("1", "GET", "/organization", "", ""), item("2", "DELETE", "/users/"+a, "", ""))
	if r["1"].Status != 200 || r["2"].Status != 403 {
		t.Errorf("a reader's batch: %d, %d", r["1"].Status, r["2"].Status)
	}
}

func TestBatchFaults(t *testing.T) {
	w := startWriter(t, Options{Users: 100, Faults: []string{"batch_throttled", "batch_failed"}})
	var left []string
	for i := range 20 {
		left = append(left, w.newUser(fmt.Sprint("u", i), "CH"))
	}
	met := map[int]int{}
	for rounds := 0; len(left) > 0; rounds++ {
		if rounds > 12 {
			t.Fatalf("%d requests are never served", len(left))
		}
		var items []string
		for _, id := range left {
			items = append(items, item(id, "PATCH", "/users/"+id, `{"usageLocation":"FR"}`, ""))
		}
		before := len(w.server.Changes())
		var again []string
		served := 0
		for id, r := range w.batch(items...) {
			met[r.Status]++
			if r.Status == 204 {
				served++
				continue
			}
			again = append(again, id)
			wait, err := strconv.ParseFloat(r.Headers["Retry-After"], 64)
			if r.Status == 429 && (err != nil || wait < 0.05 || wait > 0.3) {
				t.Errorf("Retry-After: %v", r.Headers)
			}
		}
		if applied := len(w.server.Changes()) - before; applied != served {
			t.Errorf("%d served, %d applied", served, applied)
		}
		if len(left) == 20 && served != 10 {
			t.Errorf("%d of 20 served", served)
		}
		left = again
	}
	if met[429] == 0 || met[500]+met[503]+met[504] == 0 || met[204] != 20 {
		t.Errorf("answers: %v", met)
	}
}

func TestTwoWritesOfOneUserAtOnce(t *testing.T) {
	w := startWriter(t, Options{Users: 100})
	id := w.newUser("busy", "CH")
	const writers = 24
	results := make(chan string, writers)
	for range writers {
		go func() {
			status, answer, _, err := w.try(
				"POST",
				"/users/"+id+"/assignLicense",
				assigning([]string{adding(products.E3)}),
			)
			code, _ := problem(answer)
			results <- fmt.Sprint(status, code, err)
		}()
	}
	met := map[string]int{}
	for range writers {
		met[<-results]++
	}
	ok, refused := met["200<nil>"], met[fmt.Sprint(http.StatusConflict, "Directory_ConcurrencyViolation", nil)]
	if ok == 0 || refused == 0 || ok+refused != writers || len(w.server.Changes()) != ok+1 {
		t.Errorf("%v, %d changes", met, len(w.server.Changes()))
	}
}
