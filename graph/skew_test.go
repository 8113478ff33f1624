package graph

import (
	"m365lake/graph/auth"
	"m365lake/graph/cloud"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// The clock is that of the last answer, also when it was a refusal.
func TestClockSkew(t *testing.T) {
	var date string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", date)
		w.WriteHeader(http.StatusUnauthorized)
		w.Write([]byte(`{"error":"invalid_client"}`))
	}))
	defer server.Close()
	for _, ahead := range []time.Duration{-10 * time.Minute, 0, 10 * time.Minute} {
		date = time.Now().Add(ahead).UTC().Format(http.TimeFormat)
		cloud, err := cloud.Custom(server.URL, server.URL)
		if err != nil {
			t.Fatal(err)
		}
		c, err := New(
			Options{
				Cloud: cloud,
				Credentials: auth.Credentials{
					TenantID:     "12345678-1234-4234-8234-123456789012",
					ClientID:     "12345678-1234-4234-8234-123456789012",
					ClientSecret: "x",
				},
			},
		)
		if err != nil {
			t.Fatal(err)
		}
		if _, known := c.ClockSkew(); known {
			t.Error("known before anybody was asked")
		}
		if err := c.Authenticate(t.Context()); err == nil {
			t.Fatal("authenticated")
		}
		skew, known := c.ClockSkew()
		if off := skew - ahead; !known || off < -2*time.Second || off > 2*time.Second {
			t.Errorf("%v: %v %v", ahead, skew, known)
		}
	}
}
