package wire

import (
	"errors"
	"io"
	"net/http"
)

// ErrorBodyLimit is as much of an error's body as is read, in bytes.
const ErrorBodyLimit = 64 << 10

// Discard reads the rest of a small body and closes it, so that the connection can be used again.
func Discard(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, ErrorBodyLimit) // best effort: the answer is not wanted
	resp.Body.Close()
}

// ReadError takes the body of an error from the connection and closes it. It returns at most ErrorBodyLimit.
func ReadError(resp *http.Response) []byte {
	// When the connection breaks here, what came is kept: Graph has refused, and the status, which is
	// there already, says what to do. The fault of reading would hide it.
	body, _ := io.ReadAll(io.LimitReader(resp.Body, ErrorBodyLimit))
	Discard(resp)
	return body
}

// Repeatable returns a copy of req that can be sent although req was sent before. It fails if req has
// a body that cannot be read a second time, because http.Request.GetBody is nil.
func Repeatable(req *http.Request) (*http.Request, error) {
	out := req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return out, nil
	}
	if req.GetBody == nil {
		return nil, errors.New("the body of the request cannot be sent twice")
	}
	body, err := req.GetBody()
	out.Body = body
	return out, err
}
