package notify

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A received request.
type received struct{ method, path, query, contentType, body string }

// receiver is a server that keeps what it is sent and answers with the next of its statuses.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	requests []received
}

func newReceiver(t *testing.T, statuses ...int) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		status := http.StatusOK
		if n := len(r.requests); n < len(statuses) {
			status = statuses[n]
		}
		r.requests = append(r.requests, received{request.Method, request.URL.Path, request.URL.RawQuery,
			request.Header.Get("Content-Type"), string(body)})
		w.WriteHeader(status)
	}))
	t.Cleanup(r.Close)
	return r
}

var message = Message{Title: "m365lake: good", Text: "one \"quoted\" line\ntwo <&> {{.}}\n"}

func TestGenericWebhook(t *testing.T) {
	r := newReceiver(t)
	if err := Send(t.Context(), "generic+"+r.URL+"/hook?key=s3cret", message); err != nil {
		t.Fatal(err)
	}
	if err := Send(t.Context(), "generic+"+r.URL+"/hook?template=json", message); err != nil {
		t.Fatal(err)
	}
	want := []received{
		{"POST", "/hook", "key=s3cret", "text/plain", message.Title + "\n" + message.Text},
		{"POST", "/hook", "", "application/json",
			`{"message":"one \"quoted\" line\ntwo \u003c\u0026\u003e {{.}}\n","title":"m365lake: good"}`},
	}
	if !slices.Equal(r.requests, want) {
		t.Errorf("%q", r.requests)
	}
}

// A workflow of Teams gets a card; its signature stays in the query.
func TestTeamsWorkflow(t *testing.T) {
	r := newReceiver(t, http.StatusAccepted)
	const workflow = "/workflows/abc/triggers/manual/paths/invoke"
	address := "teams+" + r.URL + workflow + "?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sig=a-b_c%2Bd"
	if err := Send(t.Context(), address, message); err != nil {
		t.Fatal(err)
	}
	got := r.requests[0]
	const query = "api-version=1&sig=a-b_c%2Bd&sp=%2Ftriggers%2Fmanual%2Frun"
	if got.path != workflow || got.query != query || got.contentType != "application/json" {
		t.Errorf("%+v", got)
	}
	var card struct {
		Type        string
		Attachments []struct {
			ContentType string
			Content     struct {
				Type string
				Body []struct{ Type, Text, Weight string }
			}
		}
	}
	if err := json.Unmarshal([]byte(got.body), &card); err != nil {
		t.Fatal(err)
	}
	attached := card.Attachments[0]
	if card.Type != "message" ||
		attached.ContentType != "application/vnd.microsoft.card.adaptive" || attached.Content.Type != "AdaptiveCard" {
		t.Errorf("%+v", card)
	}
	var texts []string
	for _, b := range attached.Content.Body {
		texts = append(texts, b.Text)
	}
	if want := []string{"m365lake: good", `one "quoted" line`, "two <&> {{.}}"}; !slices.Equal(texts, want) {
		t.Errorf("%q", texts)
	}
}

// No error has a word of the URL.
func TestErrorsShowNoURL(t *testing.T) {
	refusing := newReceiver(t, http.StatusForbidden)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, test := range map[string]struct{ address, want string }{
		"refused":      {"generic+" + refusing.URL + "/T0KENinPATH?key=s3cretKEY", "403 Forbidden"},
		"unreachable":  {"generic+" + closed.URL + "/T0KENinPATH?key=s3cretKEY", "connection refused"},
		"workflow":     {"teams+" + closed.URL + "/T0KENinPATH?sig=s3cretKEY", "connection refused"},
		"unknown":      {"carrier-pigeon://T0KENinPATH@s3cretKEY", "the services are bark, discord, generic,"},
		"no service":   {"T0KENinPATH/s3cretKEY", "the services are bark, discord, generic,"},
		"damaged":      {"slack://T0KENinPATH:s3cretKEY", ""},
		"not a URL":    {"://T0KENinPATH s3cretKEY%zz", ""},
		"custom":       {"slack+https://T0KENinPATH/s3cretKEY", ""},
		"old teams":    {"teams://T0KENinPATH@s3cretKEY/x", ""},
		"mail, no one": {"smtp://T0KENinPATH:s3cretKEY@127.0.0.1:1/?from=a@b.example&to=c@d.example", ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := Send(t.Context(), test.address, message)
			if err == nil {
				t.Fatal("no error")
			}
			for _, secret := range []string{"T0KENinPATH", "s3cretKEY", "http://"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%q shows %q", err, secret)
				}
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("%q", err)
			}
		})
	}
}

func TestHealthCheck(t *testing.T) {
	r := newReceiver(t)
	for _, ping := range []Ping{PingStart, PingSuccess, PingFail, PingLog} {
		if err := HealthCheck(t.Context(), r.URL+"/check?create=1", ping, "id", "text"); err != nil {
			t.Fatal(err)
		}
	}
	const plain = "text/plain; charset=utf-8"
	want := []received{
		{"POST", "/check/start", "create=1&rid=id", plain, "text"},
		{"POST", "/check", "create=1&rid=id", plain, "text"},
		{"POST", "/check/fail", "create=1&rid=id", plain, "text"},
		{"POST", "/check/log", "create=1&rid=id", plain, "text"},
	}
	if !slices.Equal(r.requests, want) {
		t.Errorf("%q", r.requests)
	}
}

// A message is sent again after a fault of the server, but not after a refusal. No error names the server.
func TestHealthCheckRetries(t *testing.T) {
	stumbling := newReceiver(t, http.StatusBadGateway, http.StatusOK)
	err := HealthCheck(t.Context(), stumbling.URL+"/check", PingSuccess, "id", "")
	if err != nil || len(stumbling.requests) != 2 {
		t.Errorf("%v after %d requests", err, len(stumbling.requests))
	}
	refusing := newReceiver(t, http.StatusNotFound)
	err = HealthCheck(t.Context(), refusing.URL+"/0d338dcc-a054-11ec-b909-0242ac120002", PingSuccess, "id", "")
	if err == nil || err.Error() != "the check answered 404 Not Found" || len(refusing.requests) != 1 {
		t.Errorf("%v after %d requests", err, len(refusing.requests))
	}
	err = HealthCheck(t.Context(), "hc-ping.example/uuid", PingStart, "id", "")
	if err == nil || err.Error() != "the URL of the health check must begin with https://" {
		t.Errorf("%v", err)
	}
}

// No error shows a word of four letters or more that stands behind the scheme of an address.
func FuzzRedact(f *testing.F) {
	f.Add("slack://hook:T00-B00-XXXX@webhook", "Post https://hooks.slack.com/services/T00/B00/XXXX: timeout")
	f.Add("generic://a.example/p%41th?key=v%zz", "p%41th and pAth")
	f.Add("a-b", "x")
	f.Fuzz(func(t *testing.T, address, text string) {
		shown := redact(address, errors.New(text)).Error()
		for _, secret := range words(address) {
			if strings.Contains(shown, secret) && strings.Trim(secret, "*") != "" {
				t.Errorf("%q shows %q of %q", shown, secret, address)
			}
		}
	})
}
