package directory

import (
	"io"
	"iter"
	"time"

	"m365lake/schemas"
	"m365lake/transform"
	"m365lake/transform/column"
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
		rows := column.NewRowBuilder(&schemas.SignIns, t.Mem, t.DayText())
		defer rows.Release()
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
			var last, programs, successful any
			if a := u.SignInActivity; a != nil {
				last, programs, successful = a.LastSignIn, a.LastNonInteractiveSignIn, a.LastSuccessfulSignIn
			}
			rows.Add(t.ID, t.Day, key, last, programs, successful)
			if !column.YieldFull(yield, rows) {
				return
			}
		}
		column.YieldRest(yield, rows)
	}
}
