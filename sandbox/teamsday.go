package sandbox

// teamsDay is what one person did in Teams on one day, or the sum over days.
type teamsDay struct {
	post, reply, urgent, private, calls        int
	organizedAdHoc, organizedOnce, organizedRe int
	attendedAdHoc, attendedOnce, attendedRe    int
	audio, video, share                        int  // seconds
	other                                      bool // opened or read, and nothing that is counted
}

func (d *teamsDay) chat() int      { return d.post + d.reply }
func (d *teamsDay) organized() int { return d.organizedAdHoc + d.organizedOnce + d.organizedRe }
func (d *teamsDay) attended() int  { return d.attendedAdHoc + d.attendedOnce + d.attendedRe }
func (d *teamsDay) meetings() int  { return d.organized() + d.attended() }

// actions is everything the day's report counts.
func (d *teamsDay) actions() int { return d.chat() + d.private + d.calls + d.meetings() }

// addTeamsDay adds what p did on a day on which p was active.
func (p *person) addTeamsDay(d *teamsDay, seed uint64, on day) {
	h := mix(seed ^ uint64(on)*0x9e3779b97f4a7c15)
	if h&15 == 0 {
		d.other = true
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
		d.other = true
		return
	}
	talked := calls * (120 + jitter)
	if meetings > 0 {
		talked += meetings*1500 + jitter*2
		d.video += meetings * 1500 * camera / 4
		d.share += meetings * 600 * screen / 4
	}
	d.audio += talked
	d.private += private
	d.post += post
	d.reply += reply
	d.calls += calls
	d.organizedRe += oRe
	d.organizedOnce += oOnce
	d.organizedAdHoc += oAdHoc
	d.attendedRe += aRe
	d.attendedOnce += aOnce
	d.attendedAdHoc += aAdHoc
	if private > 8 && jitter&15 == 0 {
		d.urgent++
	}
}

// teamsDays sums the days from..last.
func (a *activity) teamsDays(from day) (d teamsDay) {
	m := a.within(a.mask(teams), from)
	seed := roll(a.p.h, tagTeamsDay)
	a.each(&m, func(on day) { a.p.addTeamsDay(&d, seed, on) })
	return d
}
