package directory

import (
	"io"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
)

// Deleted says on which day a user was deleted, by user id. The directory knows it for 30 days.
type Deleted map[string]arrow.Date32

// DeletedUsers reads the raw file of the deleted users.
func DeletedUsers(r io.Reader) (Deleted, error) {
	type graphDeleted struct {
		ID              string     `json:"id"`
		DeletedDateTime *time.Time `json:"deletedDateTime"`
	}
	deleted := Deleted{}
	for u, err := range values[graphDeleted](r, "deleted_users") {
		if err != nil {
			return nil, err
		}
		if u.DeletedDateTime != nil {
			deleted[strings.ToLower(u.ID)] = arrow.Date32FromTime(u.DeletedDateTime.UTC())
		}
	}
	return deleted, nil
}
