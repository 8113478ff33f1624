package graph

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"time"
)

// Requests that can be made tomorrow do not wait for today's budget, and leave the others theirs.
func TestRequestsWithoutWaitingDoNotWait(t *testing.T) {
	var served int
	tn := newTenant(t, func(w http.ResponseWriter, _ *http.Request) {
		served++
		io.WriteString(w, csvText)
	})
	client := tn.client(t, func(o *Options) { o.ReportCalls, o.ReportWindow = 2, time.Hour })
	ctx := WithoutWaiting(t.Context())
	for range 2 {
		if _, err := fetch(ctx, client, reportPath); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	_, err := fetch(ctx, client, reportPath)
	var budget *NoRoomError
	if !errors.As(err, &budget) || budget.Delay < 50*time.Minute || served != 2 {
		t.Errorf("%v after %d requests", err, served)
	}
	if time.Since(began) > 5*time.Second {
		t.Error("it waited")
	}
}
