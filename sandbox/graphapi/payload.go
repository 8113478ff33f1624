package graphapi

import (
	"bytes"
	"encoding/json"
	"net/http"

	"m365lake/sandbox/odata"
)

// hasPayload says whether the request came with a body.
func (c *call) hasPayload() bool { return len(bytes.TrimSpace(c.payload)) > 0 }

// object reads the payload as a JSON object; when it is none, the answer says so in Graph's words.
func (c *call) object() (map[string]json.RawMessage, *odata.Answer) {
	if !c.hasPayload() {
		a := odata.Refusal(http.StatusBadRequest, "BadRequest", "Empty Payload. JSON content expected.")
		return nil, &a
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(c.payload, &fields); err != nil || fields == nil {
		a := odata.Refusal(http.StatusBadRequest, "BadRequest", "Unable to read JSON request payload. "+
			"Please ensure Content-Type header is set and payload is of valid JSON format.")
		return nil, &a
	}
	return fields, nil
}
