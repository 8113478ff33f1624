package reports

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/faults"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
)

// deletedLife is how many days a deleted account can be restored.
const deletedLife = 30

// lateDays is how many days come late by faults.DayLate.
const lateDays = 3

const (
	downloadPath = "/data/v1.0/download"
	linkLife     = 5 * time.Minute
	bom          = "\xef\xbb\xbf"
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
	gone     calendar.Day // day on which the account was deleted, or noDay
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

// download serves the second hop. The link is the permission: a bearer token
// here is a leak, and is refused.
func (s *Service) download(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		http.Error(w, "This link is signed and takes no Authorization header: do not send the Graph token to the "+
			"download host.", http.StatusBadRequest)
		return
	}
	text, ok := s.key.Unseal(r.URL.Query().Get("token"))
	f := strings.Fields(text)
	if !ok || len(f) != 4 {
		http.Error(w, "The token is missing or damaged.", http.StatusForbidden)
		return
	}
	if until, err := strconv.ParseInt(f[3], 10, 64); err != nil || s.clock.Tenant().Unix() > until {
		http.Error(w, "The link has expired. Ask Graph for a new one.", http.StatusForbidden)
		return
	}
	v := s.view(reportByName(f[0]))
	v.refresh = s.refreshed(v.report)
	empty := s.faults.OnReport(faults.Empty, v.report.function)
	if at, err := time.Parse(time.DateOnly, f[1]); err == nil {
		d := calendar.Of(at)
		empty = empty || d > v.refresh || // not known yet
			s.faults.OnReport(faults.DayLate, v.report.function) &&
				d > v.refresh-lateDays || s.faults.OnDay(faults.MissingDay, f[1])
		v.refresh, v.days, v.one = d, 1, true
	} else {
		v.covers, _ = v.report.covers(f[1], f[2])
		v.days = 1
		if len(v.covers) > 0 {
			v.days = v.covers[0]
		}
	}
	if f[2] == "v2" {
		v.report = v.report.v2
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="`+strings.TrimPrefix(f[0], "get")+f[1]+`.csv"`)
	if s.faults.OnReport(faults.Short, v.report.function) {
		h.Set("Transfer-Encoding", "identity") // the end of the connection is the end of the body
		h.Set("Connection", "close")
	}
	v.stream(w, empty)
}

// stream writes the file. People are made up one by one as it goes.
func (v *view) stream(w http.ResponseWriter, empty bool) {
	shape := v.shape()
	b := append(make([]byte, 0, 80<<10), bom...)
	v.row.Reset()
	for name := range strings.SplitSeq(v.report.header, ",") {
		v.row.Plain(name)
	}
	b = shape.appendTo(b, &v.row, true)
	people, today := v.company.Users, v.today
	if v.report.rows != nil {
		people = v.report.rows(v)
	}
	if empty {
		people = 0
	}
	cut := v.faults.OnReport(faults.Truncated, v.report.function) || v.faults.OnReport(faults.Short, v.report.function)
	badCell := v.faults.OnReport(faults.BadCell, v.report.function)
	list := func() {
		for v.part = range max(v.report.parts, len(v.covers), 1) {
			if len(v.covers) > 1 {
				v.days = v.covers[v.part]
			}
			v.row.Reset()
			if !v.report.write(v) {
				continue
			}
			if badCell {
				badCell = !v.spoil()
			}
			b = shape.appendTo(b, &v.row, false)
		}
	}
	third := v.faults.OnReport(faults.Shrunk, v.report.function)
	for n := range people {
		if third && n%3 != 0 {
			continue
		}
		if v.see(n, today) {
			list()
		}
		if v.faults.On(faults.DeletedUsers) && !v.one && v.seeDeleted(n) {
			list()
		}
		if cut && n >= people/2 {
			half := b[:len(b)-len(b)/20-9]
			w.Write(bytes.TrimRight(half, "\r\n")) // in the middle of a row, not between two
			if !v.faults.OnReport(faults.Truncated, v.report.function) {
				return
			}
			http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
		if len(b) > 64<<10 {
			if _, err := w.Write(b); err != nil {
				return // the client went away
			}
			b = b[:0]
		}
	}
	w.Write(b)
}

// see looks at whoever holds seat n. It is false for people no report lists:
// guests, programs, and people who started after its last day.
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

// seeDeleted looks at the last holder of seat n, if the account was deleted in
// the last 30 days.
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

// spoil puts text into the last date of the row.
func (v *view) spoil() bool {
	first := 1
	if strings.Count(v.report.header, " Date") == 1 {
		first = 0 // the refresh date is the only one
	}
	for i := len(v.row.Ends) - 1; i >= first; i-- {
		if c := v.row.Cell(i); len(c) == 10 && c[4] == '-' && c[7] == '-' {
			copy(c, "not-a-date")
			return true
		}
	}
	return false
}

// A shape is the order the columns are delivered in, when a fault changes it.
type shape struct {
	order  []int // nil as they are
	extra  int   // position of an unknown column, or -1
	header string
}

func (v *view) shape() shape {
	columns := strings.Count(v.report.header, ",") + 1
	sh := shape{extra: -1}
	if v.faults.On(faults.DuplicateHeader) {
		names := strings.Split(v.report.header, ",")
		i := slices.IndexFunc(names, func(n string) bool { return strings.HasSuffix(n, "Last Activity Date") })
		i = max(i, 1) // any other, where there is none
		for c := range columns {
			sh.order = append(sh.order, c)
		}
		sh.order = append(sh.order, i)
	}
	if v.faults.On(faults.ExtraColumns) {
		if sh.order == nil {
			for c := range columns {
				sh.order = append(sh.order, c)
			}
		}
		slices.Reverse(sh.order[2:])
		sh.extra, sh.header = columns/2, "Loop Last Activity Date"
	}
	return sh
}

func (sh *shape) appendTo(b []byte, r *wire.Row, header bool) []byte {
	if sh.order == nil {
		return r.AppendTo(b)
	}
	for i, c := range sh.order {
		if i > 0 {
			b = append(b, ',')
		}
		if i == sh.extra {
			if header {
				b = append(b, sh.header...)
			} else {
				b = append(b, r.Cell(0)...) // everybody was active on the last day
			}
			b = append(b, ',')
		}
		b = append(b, r.Cell(c)...)
	}
	return append(b, '\r', '\n')
}

// Cells that every report has in common.

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

// DisplayName is the name, or what conceals it.
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

// wrong is true for the few rows whose licence columns disagree with the
// directory, as they are known to.
func (v *view) wrong() bool { return dice.Chance(dice.Roll(v.person.Hash, dice.TagWrongRow), 20) }
