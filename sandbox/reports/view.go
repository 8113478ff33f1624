package reports

import (
	"bytes"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
)

// view is what one download shows of each person.
type view struct {
	service   *Service
	company   *company.Company
	faults    faults.Set
	report    *report
	today     calendar.Day
	refresh   calendar.Day // the day in the first column, and the last one covered
	days      int          // days covered
	one       bool         // one day was asked for, not a period
	covers    []int        // the periods when several were asked for
	item      int          // which row, when rows are not people
	part      int          // which of a person's rows
	concealed bool

	person   company.Person
	licenses company.Licenses
	activity company.Activity
	gone     calendar.Day // day on which the account was deleted, or calendar.NoDay
	row      wire.Row
	scratch  []byte
}

// view begins to look at people for a report.
func (s *Service) view(r *report) *view {
	return &view{service: s, company: s.company, faults: s.faults, report: r, today: s.today(),
		concealed: s.faults.On(faults.Concealed)}
}

// from is the first day covered.
func (v *view) from() calendar.Day { return v.refresh - v.days + 1 }

// see makes the person of seat n the one in view. It returns false for accounts that no report lists: guests,
// programs, and people who started after its last day.
func (v *view) see(n int, on calendar.Day) bool {
	v.item, v.gone = n, calendar.NoDay
	if v.report.rows != nil {
		return true
	}
	v.person = v.company.Person(n, on)
	if v.person.Start > v.refresh || v.person.Kind != company.Member && !(v.report.shared && v.person.SharesMailbox()) {
		return false
	}
	v.licenses = v.person.Licenses(on)
	v.activity.Watch(&v.person, v.licenses.Apps, v.refresh)
	return true
}

// seeDeleted looks at the last holder of seat n, if the account was deleted in the last 30 days.
func (v *view) seeDeleted(n int) bool {
	if v.report.rows != nil {
		return false
	}
	gone := v.person.Start
	if gone <= v.today-deletedLife || gone > v.refresh || !v.see(n, gone-1) {
		return false
	}
	v.gone = gone
	return true
}

// upn is the user principal name, or what conceals it.
func (v *view) upn() {
	if v.concealed {
		v.hidden(1)
		return
	}
	v.scratch = v.company.AppendUPN(v.scratch[:0], &v.person, v.today)
	v.row.Text(v.scratch)
}

// id is the object id, or what conceals it.
func (v *view) id() {
	if v.concealed {
		v.row.Plain(wire.ZeroGUID)
		return
	}
	v.row.Bytes = v.company.AppendID(v.row.Bytes, &v.person)
	v.row.End()
}

// displayName is the name, or its pseudonym where names are concealed.
func (v *view) displayName() {
	if v.concealed {
		v.hidden(2)
		return
	}
	v.row.Text([]byte(v.person.DisplayName(v.today)))
}

// hidden is 32 hexadecimal digits: the same for one person in every report.
func (v *view) hidden(of uint64) { v.hide(dice.Roll(v.person.Hash, dice.TagConceal) + of) }

func (v *view) hide(h uint64) {
	for _, w := range [2]uint64{dice.Mix(h), dice.Mix(^h)} {
		for i := 60; i >= 0; i -= 4 {
			v.row.Bytes = append(v.row.Bytes, "0123456789ABCDEF"[w>>i&15])
		}
	}
	v.row.End()
}

// deleted is the pair Is Deleted, Deleted Date.
func (v *view) deleted() {
	v.row.TrueFalse(v.gone != calendar.NoDay)
	v.row.Date(v.gone)
}

// products is Assigned Products: joined with "+", though a name may hold " + ".
func (v *view) products() {
	b := v.scratch[:0]
	for i := range products.SKUs {
		if v.licenses.Holds(i) {
			if len(b) > 0 {
				b = append(b, '+')
			}
			b = append(b, products.SKUs[i].Product...)
		}
	}
	if v.wrong() {
		if i := bytes.LastIndexByte(b, '+'); i > 0 && b[i-1] != ' ' {
			b = b[:i] // one product behind the directory
		}
	}
	v.scratch = b
	v.row.Text(b)
}

// wrong is true for the few rows whose licence columns disagree with the directory, as they are known to.
func (v *view) wrong() bool { return dice.Chance(dice.Roll(v.person.Hash, dice.TagWrongRow), 20) }

// Site is the id of a site, or what conceals it.
func (v *view) site(id string) {
	if v.concealed {
		id = wire.ZeroGUID
	}
	v.row.Plain(id)
}

// siteURL is the address of a site: concealed, it is left empty.
func (v *view) siteURL(write func(b []byte) []byte) {
	v.scratch = v.scratch[:0]
	if !v.concealed {
		v.scratch = write(v.scratch)
	}
	v.row.Text(v.scratch)
}
