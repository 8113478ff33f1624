package sandbox

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"m365lake/sandbox/reports"
)

// A Monday, so that weekends are known.
var monday = time.Date(2026, 3, 16, 11, 30, 0, 0, time.UTC)

func at(when time.Time) func() time.Time { return func() time.Time { return when } }

// client is a consumer written without a look at the rest of the project.
type client struct {
	*testing.T
	tenant *Tenant
	server *Server
	http   *http.Client
	token  string
}

func start(t *testing.T, o Options) *client {
	t.Helper()
	if o.Today == nil {
		o.Today = at(monday)
	}
	tenant, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	server, err := tenant.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	c := &client{T: t, tenant: tenant, server: server, http: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       time.Minute,
	}}
	c.token = tenant.tokens.Reader()
	return c
}

func (c *client) signIn(tenant, id, secret, scope string) (int, map[string]any) {
	c.Helper()
	resp, err := c.http.PostForm(c.server.URL()+"/"+tenant+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}, "scope": {scope},
	})
	if err != nil {
		c.Fatal(err)
	}
	defer resp.Body.Close()
	var body map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		c.Fatal(err)
	}
	return resp.StatusCode, body
}

func (c *client) do(link string, header ...string) (*http.Response, string) {
	c.Helper()
	req, err := http.NewRequest(http.MethodGet, link, nil)
	if err != nil {
		c.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := c.http.Do(req)
	if err != nil {
		c.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil && resp.StatusCode == http.StatusOK {
		return resp, string(body) + "\x00" + err.Error()
	}
	return resp, string(body)
}

// graph asks with the token.
func (c *client) graph(path string, header ...string) (*http.Response, string) {
	c.Helper()
	if !strings.HasPrefix(path, "http") {
		path = c.server.URL() + "/v1.0" + path
	}
	return c.do(path, append(header, "Authorization", "Bearer "+c.token)...)
}

type page struct {
	Context string           `json:"@odata.context"`
	Next    string           `json:"@odata.nextLink"`
	Value   []map[string]any `json:"value"`
}

// list follows nextLinks to the end.
func (c *client) list(path string) (all []map[string]any, pages int) {
	c.Helper()
	for path != "" {
		resp, body := c.graph(path)
		if resp.StatusCode != http.StatusOK {
			c.Fatalf("GET %s: %s: %s", path, resp.Status, body)
		}
		var p page
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			c.Fatalf("GET %s: %v in %.300s", path, err, body)
		}
		all = append(all, p.Value...)
		path = p.Next
		pages++
	}
	return all, pages
}

// raw downloads a report: both hops.
func (c *client) raw(call string) string {
	c.Helper()
	path := "/reports/"
	if strings.Contains(call, "Copilot") {
		path = "/copilot/reports/"
	}
	resp, body := c.graph(path + call)
	if resp.StatusCode != http.StatusFound {
		c.Fatalf("%s: %s: %s", call, resp.Status, body)
	}
	resp, body = c.do(resp.Header.Get("Location"))
	if resp.StatusCode != http.StatusOK {
		c.Fatalf("%s: download: %s: %s", call, resp.Status, body)
	}
	return body
}

// bom is what a report begins with.
const bom = "\xef\xbb\xbf"

// usageReport is a report that is served, as a consumer knows it.
type usageReport struct {
	function string
	header   string // columns, as they are delivered
	ofPeople bool   // has rows for people or their accounts, and not for days, sites or groups
}

// call is the call for a period, which the reports about activations do not take.
func (r usageReport) call(period string) string {
	if strings.Contains(r.function, "Activations") {
		return r.function
	}
	return r.function + "(period='" + period + "')"
}

// everyReport is all reports that are served.
func (c *client) everyReport() (list []usageReport) {
	c.Helper()
	for _, function := range reports.Functions() {
		r := usageReport{function: function}
		r.header, _, _ = strings.Cut(strings.TrimPrefix(c.raw(r.call("D7")), bom), "\r\n")
		r.ofPeople = strings.HasSuffix(function, "UserDetail") || strings.HasSuffix(function, "AccountDetail") ||
			strings.HasPrefix(function, "getMailbox")
		list = append(list, r)
	}
	return list
}

// table is a CSV file by column name.
type table []map[string]string

func parse(t *testing.T, text string) table {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, bom)))
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := table{}
	for _, rec := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = rec[i]
		}
		out = append(out, row)
	}
	return out
}

func (c *client) table(call string) table {
	c.Helper()
	return parse(c.T, c.raw(call))
}

func (tb table) by(column string) map[string]map[string]string {
	m := map[string]map[string]string{}
	for _, r := range tb {
		m[r[column]] = r
	}
	return m
}

// truth writes and reads the truth files.
func (c *client) truth(name string) table {
	c.Helper()
	dir := c.TempDir()
	if err := c.tenant.WriteTruth(dir); err != nil {
		c.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		c.Fatal(err)
	}
	return parse(c.T, string(b))
}
