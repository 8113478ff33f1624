package auth

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The numbers people meet, each with a sentence that says what to do.
// Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
func TestEveryAADSTSHasRemedy(t *testing.T) {
	numbers := []int{
		7000215, 7000222, 700016, 700011, 90002, 90038, 900382, 900432, 7000112, 70001, 700027, 700024, 50012, 50013, 50027,
		50048, 700213, 70021, 700025, 7000218, 65001, 90094, 90095, 650056, 650057, 65005, 500011, 70011, 28002, 1002012,
		700022, 50011, 501481, 54005, 50076, 50079, 50072, 50074, 53003, 53000, 53001, 530035, 50057, 50055, 50126, 50034,
		50105, 50173, 70043, 700082, 70008, 70016, 70019, 70018, 50196, 50194, 90033, 90024, 90012, 50033, 90055,
	}
	for _, number := range numbers {
		body := fmt.Sprintf(`{"error":"invalid_request","error_description":"AADSTS%d: Something."}`, number)
		e := readTokenError(&http.Response{StatusCode: 400, Header: http.Header{}}, []byte(body), "", time.Time{})
		if e.AADSTS != number || len(e.Remedy) < 20 || strings.Contains(e.Remedy, "https://") {
			t.Errorf("AADSTS%d: %q", number, e.Remedy)
		}
	}
	if len(remedies) != len(numbers) {
		t.Errorf("%d numbers have a remedy, %d are tested", len(remedies), len(numbers))
	}
}
