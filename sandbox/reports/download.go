package reports

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/faults"
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

// download serves the second hop. The link is the permission: a bearer token here is a leak, and is refused.
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
	if f[2] == "v2" && v.report.v2 != nil {
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
	future := v.faults.OnReport(faults.FutureDate, v.report.function)
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
			if future {
				copy(v.row.Cell(0), "21") // of a year such as 2026
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
