package faults

import (
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"m365lake/sandbox/dice"
	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

// writeFaults are those of which one write shows one; when several are on, the seed and the number of the write choose.
var writeFaults = []string{WriteConflict, WriteThrottled, WriteLost, WriteFailed, WriteUnknown}

var allWriteFaults = append([]string{ReplicationLag, BatchThrottled, BatchFailed, SeatsRunOut}, writeFaults...)

// Writes draws the trouble that writes meet. It is safe for concurrent use.
type Writes struct {
	set     Set
	seed    uint64
	writes  atomic.Uint64
	batches atomic.Uint64
	asked   sync.Map // by URL: how often BatchItem might have refused it, as *atomic.Int64
}

// NewWrites returns what draws the trouble of a tenant's writes: the same seed, the same trouble.
func NewWrites(set Set, seed uint64) *Writes {
	return &Writes{set: set, seed: dice.Roll(seed, dice.TagWriteFault)}
}

// Draw draws the trouble of one write: the fault's name, empty for none, and a number for its kind. It never troubles
// more than two writes in a row.
func (w *Writes) Draw() (name string, h uint64) {
	var on []string
	for _, f := range writeFaults {
		if w.set.On(f) {
			on = append(on, f)
		}
	}
	if on == nil {
		return "", 0
	}
	n := w.writes.Add(1)
	draw := func(n uint64) uint64 { return dice.Mix(w.seed + n) }
	hit := func(n uint64) bool { return dice.Chance(draw(n), 400) }
	if !hit(n) || hit(n-1) && hit(n-2) {
		return "", 0
	}
	h = dice.Mix(draw(n) + 1)
	return on[dice.Pick(h, len(on))], dice.Mix(h)
}

const concurrencyMessage = "Error due to concurrent requests being made to the tenant. Please wait briefly and retry."

// Conflict is what a write answers that met another one. Clients have seen all three forms.
func Conflict(h uint64) odata.Answer {
	switch h % 3 {
	case 0:
		return odata.Refusal(http.StatusBadRequest, "Request_BadRequest", concurrencyMessage)
	case 1:
		return odata.Refusal(http.StatusConflict, "Directory_ConcurrencyViolation", concurrencyMessage)
	}
	return odata.Refusal(http.StatusBadRequest, "Directory_ConcurrencyViolation", concurrencyMessage)
}

// throttled is a 429. Retry-After is a fraction of a second, as in Microsoft's own sample.
func throttled(h uint64) odata.Answer {
	a := odata.Refusal(http.StatusTooManyRequests, "Request_ThrottledTemporarily",
		"Your request is throttled temporarily. Please try after the period mentioned in the Retry-After header.")
	a.Header = map[string]string{
		"Retry-After":               strconv.FormatFloat(0.05+0.05*float64(dice.Pick(h, 6)), 'f', 2, 64),
		"x-ms-throttle-scope":       "Tenant_Application/Write/" + wire.ZeroGUID + "/" + wire.ZeroGUID,
		"x-ms-throttle-information": "WriteLimitExceeded",
	}
	return a
}

// failed is an error of the service. Only the 503 with Retry-After tells that nothing was done.
func failed(h uint64) odata.Answer {
	switch h % 4 {
	case 0:
		return odata.Refusal(http.StatusInternalServerError, "Service_InternalServerError", "Encountered an "+
			"internal server error.")
	case 1:
		a := odata.Refusal(http.StatusServiceUnavailable, "ServiceUnavailable", "The service is temporarily "+
			"unavailable. Please retry.")
		a.Header = map[string]string{"Retry-After": "0.05"}
		return a
	case 2:
		return odata.Refusal(http.StatusServiceUnavailable, "ServiceUnavailable", "The service is temporarily "+
			"unavailable. Please retry.")
	}
	return Lost()
}

// Lost is the answer of a gateway that does not know what became of a request.
func Lost() odata.Answer { return odata.Refusal(http.StatusGatewayTimeout, "UnknownError", "") }

var unknownMessages = []string{
	"The tenant is in an unexpected state 0x8004DEF6.",
	"Update failed because the object is being evaluated by another policy engine.",
	"Sorry, something went wrong. Reference: 7A.",
}

// Refuse is the answer of a write that a fault keeps from being applied; ok is false for one that is applied.
func Refuse(fault string, h uint64) (a odata.Answer, ok bool) {
	switch fault {
	case WriteConflict:
		return Conflict(h), true
	case WriteThrottled:
		return throttled(h), true
	case WriteFailed:
		return failed(h), true
	case WriteUnknown:
		return odata.Refusal(
			http.StatusBadRequest,
			"Request_BadRequest",
			unknownMessages[dice.Pick(h, len(unknownMessages))],
		), true
	}
	return odata.Answer{}, false
}

// NextBatch numbers a $batch, from 1.
func (w *Writes) NextBatch() int { return int(w.batches.Add(1)) }

// BatchItem is the trouble of every second request of a $batch: those of an odd turn. A client that asks for the same
// URL again meets it twice at most.
func (w *Writes) BatchItem(turn int, url string) (odata.Answer, bool) {
	busy, broken := w.set.On(BatchThrottled), w.set.On(BatchFailed)
	if turn%2 == 0 || !busy && !broken {
		return odata.Answer{}, false
	}
	if n, _ := w.asked.LoadOrStore(url, new(atomic.Int64)); n.(*atomic.Int64).Add(1)%3 == 0 {
		return odata.Answer{}, false
	}
	h := dice.Mix(w.seed + uint64(turn))
	if busy && (!broken || turn%4 == 1) {
		return throttled(h), true
	}
	return failed(h), true
}
