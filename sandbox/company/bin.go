package company

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
)

// DaysInBin is how many days a deleted account can be restored.
// Source: https://learn.microsoft.com/graph/api/directory-deleteditems-restore
const DaysInBin = 30

// LeftSeat is who held a seat before, when that account was deleted in the last 30 days.
func (c *Company) LeftSeat(n int, on calendar.Day) (Person, bool) {
	now := c.Person(n, on)
	if now.Kind == Service || now.Start <= on-DaysInBin {
		return Person{}, false
	}
	return c.Person(n, now.Start-1), true
}

// CreatedID is the object id of the nth account that was created in the tenant.
func (c *Company) CreatedID(n uint64) string {
	return dice.GUID(dice.Roll(c.Seed, dice.TagCreated) + n)
}
