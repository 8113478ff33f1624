package sandbox

// appendSignIns writes signInActivity. Sign-ins are known until yesterday, which
// is fresher than any report. People who never came have none, and programs only
// have those without a person.
func (v *userView) appendSignIns(b []byte) []byte {
	p := &v.person
	interactive, other := noDay, noDay
	switch p.kind {
	case member:
		var a activity
		a.watch(p, v.licenses.apps, v.on-1)
		interactive = a.lastDay(&a.presence)
		other = interactive
	case guest:
		if h := roll(p.h, tagSignIn); chance(h, 700) {
			every := 1 + pick(mix(h), 500)
			interactive = v.on - 1 - (v.on-p.start)%every
			interactive = max(interactive, p.start)
		}
	case service:
		other = min(v.on, p.left) - 1
	}
	latest := max(interactive, other)
	if latest == noDay {
		return append(b, "null"...)
	}
	stamp := func(name string, d day, of uint64) {
		h := mix(roll(p.h, tagSignIn) + uint64(d)<<8 + of)
		b = append(append(append(b, '"'), name...), `DateTime":`...)
		if d == noDay {
			b = append(b, "null"...)
		} else {
			b = append(appendTime(append(b, '"'), d, 6*3600+pick(h, 14*3600)), '"')
		}
		b = append(append(append(b, `,"`...), name...), `RequestId":`...)
		if d == noDay {
			b = append(b, `null`...)
		} else {
			b = append(append(append(b, '"'), guid(h)...), '"')
		}
	}
	b = append(b, '{')
	stamp("lastSignIn", interactive, 1)
	b = append(b, ',')
	stamp("lastNonInteractiveSignIn", other, 2)
	b = append(b, ',')
	stamp("lastSuccessfulSignIn", latest, 2)
	return append(b, '}')
}
