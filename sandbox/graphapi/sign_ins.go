package graphapi

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
)

// appendSignIns writes signInActivity. Sign-ins are known until yesterday, which is fresher than any report. People who
// never came have none, and programs only have those without a person.
func (v *userView) appendSignIns(b []byte) []byte {
	p := &v.Person
	interactive, other := calendar.NoDay, calendar.NoDay
	switch p.Kind {
	case company.Member:
		var a company.Activity
		a.Watch(p, v.Licenses.Apps, v.On-1)
		interactive = a.LastDay(&a.Presence)
		other = interactive
	case company.Guest:
		if h := dice.Roll(p.Hash, dice.TagSignIn); dice.Chance(h, 700) {
			every := 1 + dice.Pick(dice.Mix(h), 500)
			interactive = v.On - 1 - (v.On-p.Start)%every
			interactive = max(interactive, p.Start)
		}
	case company.Service:
		other = min(v.On, p.Left) - 1
	}
	latest := max(interactive, other)
	if latest == calendar.NoDay {
		return append(b, "null"...)
	}
	stamp := func(name string, d calendar.Day, of uint64) {
		h := dice.Mix(dice.Roll(p.Hash, dice.TagSignIn) + uint64(d)<<8 + of)
		b = append(append(append(b, '"'), name...), `DateTime":`...)
		if d == calendar.NoDay {
			b = append(b, "null"...)
		} else {
			b = append(calendar.AppendTime(append(b, '"'), d, 6*3600+dice.Pick(h, 14*3600)), '"')
		}
		b = append(append(append(b, `,"`...), name...), `RequestId":`...)
		if d == calendar.NoDay {
			b = append(b, `null`...)
		} else {
			b = append(append(append(b, '"'), dice.GUID(h)...), '"')
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
