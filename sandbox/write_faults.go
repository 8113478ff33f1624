package sandbox

import (
	"m365lake/sandbox/dice"
	"net/http"
	"strconv"
)

// writeFaults are those of which one write shows one; when several are on, the
// seed and the number of the write choose.
var writeFaults = []string{faultWriteConflict, faultWriteThrottled, faultWriteLost, faultWriteFailed, faultWriteUnknown}

var allWriteFaults = append([]string{faultReplicationLag, faultBatchThrottled, faultBatchFailed, faultSeatsRunOut}, writeFaults...)

// writeFault draws the trouble of one write: the fault's name, empty for none,
// and a number for its kind. It never troubles more than two writes in a row.
func (s *Server) writeFault() (name string, h uint64) {
	var on []string
	for _, f := range writeFaults {
		if s.tenant.faults.on(f) {
			on = append(on, f)
		}
	}
	if on == nil {
		return "", 0
	}
	n := s.writes.Add(1)
	draw := func(n uint64) uint64 { return dice.Mix(dice.Roll(s.tenant.Seed, dice.TagWriteFault) + n) }
	hit := func(n uint64) bool { return dice.Chance(draw(n), 400) }
	if !hit(n) || hit(n-1) && hit(n-2) {
		return "", 0
	}
	h = dice.Mix(draw(n) + 1)
	return on[dice.Pick(h, len(on))], dice.Mix(h)
}

const concurrencyMessage = "Error due to concurrent requests being made to the tenant. Please wait briefly and retry."

// conflict is what a write answers that met another one. Clients have seen all
// three forms.
func conflict(h uint64) answer {
	switch h % 3 {
	case 0:
		return refusal(http.StatusBadRequest, "Request_BadRequest", concurrencyMessage)
	case 1:
		return refusal(http.StatusConflict, "Directory_ConcurrencyViolation", concurrencyMessage)
	}
	return refusal(http.StatusBadRequest, "Directory_ConcurrencyViolation", concurrencyMessage)
}

// throttled is a 429. Retry-After is a fraction of a second, as in Microsoft's
// own sample.
func throttled(h uint64) answer {
	a := refusal(http.StatusTooManyRequests, "Request_ThrottledTemporarily",
		"Your request is throttled temporarily. Please try after the period mentioned in the Retry-After header.")
	a.header = map[string]string{
		"Retry-After":               strconv.FormatFloat(0.05+0.05*float64(dice.Pick(h, 6)), 'f', 2, 64),
		"x-ms-throttle-scope":       "Tenant_Application/Write/00000000-0000-0000-0000-000000000000/00000000-0000-0000-0000-000000000000",
		"x-ms-throttle-information": "WriteLimitExceeded",
	}
	return a
}

// failed is an error of the service. Only the 503 with Retry-After tells that
// nothing was done.
func failed(h uint64) answer {
	switch h % 4 {
	case 0:
		return refusal(http.StatusInternalServerError, "Service_InternalServerError", "Encountered an internal server error.")
	case 1:
		a := refusal(http.StatusServiceUnavailable, "ServiceUnavailable", "The service is temporarily unavailable. Please retry.")
		a.header = map[string]string{"Retry-After": "0.05"}
		return a
	case 2:
		return refusal(http.StatusServiceUnavailable, "ServiceUnavailable", "The service is temporarily unavailable. Please retry.")
	}
	return refusal(http.StatusGatewayTimeout, "UnknownError", "")
}

var unknownMessages = []string{
	"The tenant is in an unexpected state 0x8004DEF6.",
	"Update failed because the object is being evaluated by another policy engine.",
	"Sorry, something went wrong. Reference: 7A.",
}

// troubled is the answer of a write that a fault keeps from being applied; ok is
// false for one that is applied.
func troubled(fault string, h uint64) (a answer, ok bool) {
	switch fault {
	case faultWriteConflict:
		return conflict(h), true
	case faultWriteThrottled:
		return throttled(h), true
	case faultWriteFailed:
		return failed(h), true
	case faultWriteUnknown:
		return refusal(http.StatusBadRequest, "Request_BadRequest", unknownMessages[dice.Pick(h, len(unknownMessages))]), true
	}
	return answer{}, false
}
