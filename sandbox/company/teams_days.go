package company

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
)

// TeamsDay is what one person did in Teams on one day, or the sum over days.
type TeamsDay struct {
	Post, Reply, Urgent, Private, Calls        int
	OrganizedAdHoc, OrganizedOnce, OrganizedRe int
	AttendedAdHoc, AttendedOnce, AttendedRe    int
	Audio, Video, Share                        int  // seconds
	Other                                      bool // opened or read, and nothing that is counted
}

// Chat is the messages in channels.
func (d *TeamsDay) Chat() int { return d.Post + d.Reply }

// Organized is the meetings the person organized.
func (d *TeamsDay) Organized() int { return d.OrganizedAdHoc + d.OrganizedOnce + d.OrganizedRe }

// Attended is the meetings of others.
func (d *TeamsDay) Attended() int { return d.AttendedAdHoc + d.AttendedOnce + d.AttendedRe }

// Meetings is all meetings.
func (d *TeamsDay) Meetings() int { return d.Organized() + d.Attended() }

// Actions is everything the day's report counts.
func (d *TeamsDay) Actions() int { return d.Chat() + d.Private + d.Calls + d.Meetings() }

// AddTeamsDay adds what p did on a day on which p was active.
func (p *Person) AddTeamsDay(d *TeamsDay, seed uint64, on calendar.Day) {
	h := dice.Mix(seed ^ uint64(on)*0x9e3779b97f4a7c15)
	if h&15 == 0 {
		d.Other = true
		return
	}
	busy := int(seed & 7) // a trait: how talkative the person is
	h >>= 4
	take := func(n uint) int { // the next n bits
		v := int(h & (1<<n - 1))
		h >>= n
		return v
	}
	private := take(4) * (busy + 1) / 3
	post := take(3) * busy / 20
	reply := take(3) * busy / 10
	calls := take(3) * take(1) / 2
	oRe, oOnce, oAdHoc := take(2)/3, take(3)/6, take(3)/7
	aRe, aOnce, aAdHoc := take(2)*busy/5, take(2)/2, take(3)/6
	jitter := take(9)
	camera, screen := take(2), take(2)
	meetings := oRe + oOnce + oAdHoc + aRe + aOnce + aAdHoc
	if private+post+reply+calls+meetings == 0 {
		d.Other = true
		return
	}
	talked := calls * (120 + jitter)
	if meetings > 0 {
		talked += meetings*1500 + jitter*2
		d.Video += meetings * 1500 * camera / 4
		d.Share += meetings * 600 * screen / 4
	}
	d.Audio += talked
	d.Private += private
	d.Post += post
	d.Reply += reply
	d.Calls += calls
	d.OrganizedRe += oRe
	d.OrganizedOnce += oOnce
	d.OrganizedAdHoc += oAdHoc
	d.AttendedRe += aRe
	d.AttendedOnce += aOnce
	d.AttendedAdHoc += aAdHoc
	if private > 8 && jitter&15 == 0 {
		d.Urgent++
	}
}

// TeamsDays sums the days from..last.
func (a *Activity) TeamsDays(from calendar.Day) (d TeamsDay) {
	m := a.Since(a.Days(products.Teams), from)
	seed := dice.Roll(a.Person.Hash, dice.TagTeamsDay)
	a.EachDay(&m, func(on calendar.Day) { a.Person.AddTeamsDay(&d, seed, on) })
	return d
}
