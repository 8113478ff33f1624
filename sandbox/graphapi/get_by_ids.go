package graphapi

import (
	"encoding/json"
	"net/http"
	"strings"

	"m365lake/sandbox/odata"
	"m365lake/sandbox/wire"
)

// maxByIDs is how many objects getByIds takes.
const maxByIDs = 1000

// getByIDs serves POST /directoryObjects/getByIds: users and groups, those that exist.
func (s *API) getByIDs(c *call) {
	var body struct{ IDs, Types []string }
	if err := json.NewDecoder(http.MaxBytesReader(c.W, c.R.Body, maxPayload)).Decode(&body); err != nil ||
		len(body.IDs) == 0 {
		c.Error(http.StatusBadRequest, "Request_BadRequest",
			"One or more parameters of the operation 'getByIds' are missing from the request payload. The missing "+
				"parameters are: ids.")
		return
	}
	if len(body.IDs) > maxByIDs {
		c.Error(http.StatusBadRequest, "Request_BadRequest", "The number of ids must not be more than 1000.")
		return
	}
	wanted := func(kind string) bool {
		for _, t := range body.Types {
			if strings.EqualFold(t, kind) || strings.EqualFold(t, "directoryObject") {
				return true
			}
		}
		return body.Types == nil
	}
	names := c.Selected()
	userNames := names
	if names == nil {
		userNames = defaultUserFields
	}
	var fields []odata.Field[*userView]
	for _, n := range userNames {
		if f, unknown := odata.Choose(userFields, []string{n}); unknown == "" {
			fields = append(fields, f...)
		}
	}
	view := s.view(fields)
	view.typed = true
	b := append(odata.AppendContext(nil, "directoryObjects", names), `,"value":[`...)
	from := len(b)
	for _, id := range body.IDs {
		was := len(b)
		if was > from {
			b = append(b, ',')
		}
		g := s.Company.GroupByID(id)
		switch {
		case g >= 0 && wanted("group"):
			b = odata.AppendTyped(b, "group", groupFields, names, &groupRow{s.Company, g})
		case g < 0 && wanted("user") && wire.IsGUID(id) && view.find(id):
			b = view.appendUser(b)
		default:
			b = b[:was]
		}
	}
	units := 5
	if names != nil {
		units = 2
	}
	c.MarkDirectory(units)
	c.W.Write(append(b, `]}`...))
}
