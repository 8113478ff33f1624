package directory

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
)

// ReportSettings reads the raw file of /admin/reportSettings: whether names are concealed in the
// usage reports, nil when Graph does not say. Its documentation shows the setting both at the top
// and within "value".
func ReportSettings(r io.Reader) (concealed *bool, err error) {
	type settings struct {
		DisplayConcealedNames *bool `json:"displayConcealedNames"`
	}
	var answer struct {
		settings
		Value settings `json:"value"`
	}
	if err := json.UnmarshalRead(r, &answer); err != nil {
		return nil, fmt.Errorf("report_settings: %w (Graph answered in a new form)", err)
	}
	if answer.DisplayConcealedNames != nil {
		return answer.DisplayConcealedNames, nil
	}
	return answer.Value.DisplayConcealedNames, nil
}
