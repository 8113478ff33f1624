package usage

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas/column"
	"m365lake/schemas/reports"
)

// platformUse counts the licensed, active users of an app by platform. Somebody on two platforms
// is in both.
type platformUse struct {
	windows, mac, mobile, web int64
	desktop                   int64 // Windows or Mac
}

// addUse adds the users whom another count found.
func (u *platformUse) addUse(other platformUse) {
	u.windows += other.windows
	u.mac += other.mac
	u.mobile += other.mobile
	u.web += other.web
	u.desktop += other.desktop
}

// platformTrack follows the platforms of one app through a report. If no row says
// anything of a platform, its column is missing from Microsoft's file, and the number of its users is not known.
type platformTrack struct {
	windows, mac, mobile, web platformFlag
	uses                      []platformBits // by user_key: what all rows about the user say
	counts                    []platformUse  // by department
}

// platformBits are the platforms on which somebody used an app.
type platformBits uint8

const (
	onWindows platformBits = 1 << iota
	onMac
	onMobile
	onWeb
)

// platformFlag is a column of the report, its cells in the batch at hand, and whether it was ever
// filled in.
type platformFlag struct {
	column int
	cells  *array.Boolean
	told   bool
}

// newPlatformTrack returns nil for an app whose report does not tell platforms.
func newPlatformTrack(app reports.App, people, departments int) *platformTrack {
	if app.Platforms == "" {
		return nil
	}
	flag := func(platform string) platformFlag {
		return platformFlag{column: app.Report.Table.Column(app.Platforms + "_" + platform)}
	}
	return &platformTrack{
		windows: flag("windows"), mac: flag("mac"), mobile: flag("mobile"), web: flag("web"),
		uses: make([]platformBits, people), counts: make([]platformUse, departments),
	}
}

// begin turns to the next batch of the report.
func (t *platformTrack) begin(rows arrow.RecordBatch) {
	for _, f := range []*platformFlag{&t.windows, &t.mac, &t.mobile, &t.web} {
		f.cells = rows.Column(f.column).(*array.Boolean)
		f.told = f.told || f.cells.NullN() < f.cells.Len()
	}
}

// notePlatforms adds what row i says of a user.
func (t *platformTrack) notePlatforms(i int, key int32) {
	for _, f := range []struct {
		cells *array.Boolean
		bit   platformBits
	}{{t.windows.cells, onWindows}, {t.mac.cells, onMac}, {t.mobile.cells, onMobile}, {t.web.cells, onWeb}} {
		if f.cells.IsValid(i) && f.cells.Value(i) {
			t.uses[key] |= f.bit
		}
	}
}

// count counts a licensed, active user.
func (t *platformTrack) count(key, department int32) {
	use, bits := &t.counts[department], t.uses[key]
	for _, platform := range []struct {
		bits  platformBits
		users *int64
	}{
		{onWindows, &use.windows}, {onMac, &use.mac}, {onMobile, &use.mobile},
		{onWeb, &use.web}, {onWindows | onMac, &use.desktop},
	} {
		if bits&platform.bits != 0 {
			*platform.users++
		}
	}
}

// appendTo gives a row of activity_metrics its platform columns: NULL where the
// report has no such column.
func (t *platformTrack) appendTo(rows metricRows, use platformUse) {
	if t == nil {
		return
	}
	for _, c := range []struct {
		told   bool
		column *column.Integer
		users  int64
	}{
		{t.windows.told, rows.windowsUsers, use.windows},
		{t.mac.told, rows.macUsers, use.mac},
		{t.mobile.told, rows.mobileUsers, use.mobile},
		{t.web.told, rows.webUsers, use.web},
		{t.windows.told && t.mac.told, rows.desktopUsers, use.desktop},
	} {
		if c.told {
			c.column.Append(c.users)
		}
	}
}
