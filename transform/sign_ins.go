package transform

import (
	"io"
	"iter"
	"time"

	"m365lake/schemas"
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
func SignIns(r io.Reader, t Tenant, index *UserIndex) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		rows := newRowBuilder(&schemas.SignIns, t.Mem, t.day())
		defer rows.release()
		seen := make([]bool, len(index.people))
		for u, err := range values[graphSignIns](r, "sign_ins") {
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			key, known := index.keyByID(u.ID)
			if !known || seen[key] {
				continue // came after the users were listed, or the listing was restarted
			}
			seen[key] = true
			var last, programs, successful any
			if a := u.SignInActivity; a != nil {
				last, programs, successful = a.LastSignIn, a.LastNonInteractiveSignIn, a.LastSuccessfulSignIn
			}
			rows.add(t.ID, t.Day, key, last, programs, successful)
			if !yieldFull(yield, rows) {
				return
			}
		}
		yieldRest(yield, rows)
	}
}
