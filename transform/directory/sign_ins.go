package directory

import (
	"io"
	"iter"
	"time"

	"m365lake/schemas"
	"m365lake/transform"
	"m365lake/transform/userindex"
)

type graphSignIns struct {
	ID             string `json:"id"`
	SignInActivity *struct {
		LastSignIn               *time.Time `json:"lastSignInDateTime"`
		LastNonInteractiveSignIn *time.Time `json:"lastNonInteractiveSignInDateTime"`
		LastSuccessfulSignIn     *time.Time `json:"lastSuccessfulSignInDateTime"`
	} `json:"signInActivity"`
}

// SignIns reads the raw file of the sign-in activity into the table sign_ins. Somebody who never
// signed in has a row without times: no row would mean that nobody asked.
func SignIns(r io.Reader, t transform.Tenant, index *userindex.Index) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		rows := t.NewWriter(&schemas.SignIns, t.DayText())
		user, last := rows.Key("user_key"), rows.Timestamp("last_sign_in_at")
		programs, successful := rows.Timestamp(
			"last_non_interactive_sign_in_at",
		), rows.Timestamp(
			"last_successful_sign_in_at",
		)
		seen := make([]bool, len(index.People))
		for u, err := range values[graphSignIns](r, "sign_ins") {
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			key, known := index.KeyByID(u.ID)
			if !known || seen[key] {
				continue // came after the users were listed, or the listing was restarted
			}
			seen[key] = true
			user.Append(key)
			if a := u.SignInActivity; a != nil {
				last.AppendTimePointer(a.LastSignIn)
				programs.AppendTimePointer(a.LastNonInteractiveSignIn)
				successful.AppendTimePointer(a.LastSuccessfulSignIn)
			}
			rows.EndRow()
			if !rows.FlushFull(yield) {
				return
			}
		}
		rows.Flush(yield)
	}
}
