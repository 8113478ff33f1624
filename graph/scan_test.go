package graph

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestScan(t *testing.T) {
	for body, want := range map[string]contents{
		`{"value":[]}`: {collection: true},
		` {"@odata.context":"c","value":[{"a":{"value":[1]}},2,"]"],"@odata.nextLink":"https:\/\/g\/x?$skiptoken=\u0041"} `: {
			collection: true, values: 3, next: "https://g/x?$skiptoken=A",
		},
		`{"@odata.nextLink":null,"value":[{"@odata.nextLink":"inner"}]}`: {
			collection: true, values: 1,
		},
		`{"displayConcealedNames":true}`:         {members: 1},
		`{"@odata.context":"c","value":{"a":1}}`: {members: 1},
		`{"@odata.context":"c"}`:                 {},
		`{"value":null}`:                         {},
		`{"value":[1],"error":{"code":"x"}}`:     {collection: true, values: 1, failed: true, members: 1},
		`{"value":[{"name":"\ud83d cut emoji","name":"twice"},"` + "\xff" + `"]}`: {collection: true, values: 2},
	} {
		got, err := scan([]byte(body))
		if err != nil || got != want {
			t.Errorf("%s: %+v %v", body, got, err)
		}
	}
	for _, body := range []string{
		``, ` `, `{`, `{"value":[`, `{"value":[1,2`, `{"value":[1,2]`, `{"value":[{"a":1},{"b"`, `{"value":[1]}}`,
		`{"value":[1]}{}`, `{"value":[1]} x`,
		`[]`, `"x"`, `null`, `{"@odata.nextLink":7}`, `{"@odata.nextLink":["x"]}`, `<html>`, `{"value":[1],"value":[2]}`,
		`{"@odata.nextLink":"a","@odata.nextLink":"b"}`, `{"value":[01]}`, strings.Repeat("[", 20000), `{"a":` +
			strings.Repeat("[", 20000),
	} {
		if got, err := scan([]byte(body)); err == nil {
			t.Errorf("%.60s: accepted as %+v", body, got)
		}
	}
}

// FuzzNextLink holds scan to encoding/json.
func FuzzNextLink(f *testing.F) {
	for _, s := range []string{
		`{"value":[1,{"value":[2]}],"@odata.nextLink":"https://g/x"}`, `{"value":[]}`, `{"@odata.nextLink":null}`,
		`{"value":{}}`,
		`{"value":[1]`, `{"a":"\ud800","value":["` + "\xff" + `"]}`, `{"error":{}}`, `[{}]`, `{"VALUE":[1]}`,
		`{"v\u0061lue":[1]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := scan(body)
		var object map[string]json.RawMessage
		wantErr := json.Unmarshal(body, &object)
		if wantErr != nil || object == nil {
			if err == nil {
				t.Fatalf("accepted %q: %+v; encoding/json: %v", body, got, wantErr)
			}
			return
		}
		var next any
		if raw, ok := object["@odata.nextLink"]; ok && json.Unmarshal(raw, &next) != nil {
			t.Fatal("unreachable")
		}
		link, isText := next.(string)
		if err != nil {
			if next != nil && !isText || strings.Contains(err.Error(), "occurs twice") {
				return
			}
			t.Fatalf("refused %q: %v", body, err)
		}
		var values []json.RawMessage
		raw, ok := object["value"]
		collection := ok && strings.HasPrefix(string(raw), "[")
		if collection && json.Unmarshal(raw, &values) != nil {
			t.Fatal("unreachable")
		}
		if got.next != link || got.collection != collection || got.values != len(values) {
			t.Fatalf("%q: %+v, want %q, %v, %d", body, got, link, collection, len(values))
		}
	})
}
