package reports

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
)

// The reports of storage: OneDrive accounts and mailboxes.

const driveHeader = "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File " +
	"Count,Active File Count," +
	"Storage Used (Byte),Storage Allocated (Byte),Owner Principal Name,Report Period"

const mailboxHeader = "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Created Date," +
	"Last Activity Date," +
	"Item Count,Storage Used (Byte),Issue Warning Quota (Byte),Prohibit Send Quota (Byte),Prohibit Send/Receive " +
	"Quota (Byte)," +
	"Deleted Item Count,Deleted Item Size (Byte),Deleted Item Quota (Byte),Has Archive,Recipient Type,Report Period"

// writeDrive fills a row of getOneDriveUsageAccountDetail, which is about the account's site: there is one for each
// licence.
func writeDrive(v *view) bool {
	last, ok := v.lists(products.OneDrive)
	if !ok || !v.licenses.Apps.Has(products.OneDrive) {
		return false
	}
	p := &v.person
	h := dice.Roll(p.Hash, dice.TagDrive)
	files := 1 + company.Grown(h, min(v.refresh, p.Left)-p.Start, 400, 600)
	c := v.activity.Counts(products.OneDrive, v.from())
	r := &v.row
	r.Date(v.refresh)
	v.site(dice.GUID(h))
	v.siteURL(func(b []byte) []byte { return v.company.AppendDriveURL(b, p, v.today) })
	v.displayName()
	r.TrueFalse(v.gone != calendar.NoDay && v.refresh-v.gone >= 7) // it takes a week to be marked
	r.Date(last)
	r.Int(files)
	r.Int(c[company.FileViewed] + c[company.FileSynced])
	r.Int(files * (120_000 + dice.Pick(dice.Mix(h+1), 2_000_000)))
	if v.licenses.Holds(products.E5) || v.licenses.Holds(products.E3) {
		r.Int(5 * company.Terabyte)
	} else {
		r.Int(company.Terabyte)
	}
	v.upn()
	r.Int(v.days)
	return true
}

// writeMailbox fills a row of getMailboxUsageDetail.
func writeMailbox(v *view) bool {
	p := &v.person
	shared := p.Kind == company.Service
	last, ok := v.lists(products.Exchange)
	if shared {
		last, ok = p.SharedMail(v.refresh), true
	}
	if !ok {
		return false
	}
	h := dice.Roll(p.Hash, dice.TagMailbox)
	age := min(v.refresh, p.Left) - p.Start
	quota, archive := 50*company.Gigabyte, false
	switch {
	case v.licenses.Holds(products.E5), v.licenses.Holds(products.E3), v.licenses.Holds(products.OldE3):
		quota, archive = 100*company.Gigabyte, dice.Chance(dice.Mix(h+1), 300)
	case v.licenses.Holds(products.F3):
		quota = 2 * company.Gigabyte
	}
	items := company.Grown(h, age, 500, 3000)
	recoverable := items * dice.Pick(dice.Mix(h+2), 100) / 1000
	r := &v.row
	r.Date(v.refresh)
	v.upn()
	v.displayName()
	v.deleted()
	r.Date(p.Start)
	r.Date(last)
	r.Int(items)
	r.Int(min(items*(40_000+dice.Pick(dice.Mix(h+3), 90_000)), quota)) // a few are full
	r.Int(quota / 100 * 98)
	r.Int(quota / 100 * 99)
	r.Int(quota)
	r.Int(recoverable)
	r.Int(recoverable * 31_000)
	if archive {
		r.Int(100 * company.Gigabyte)
	} else {
		r.Int(30 * company.Gigabyte)
	}
	r.TrueFalse(archive)
	if shared {
		r.Plain("Shared")
	} else {
		r.Plain("User")
	}
	r.Int(v.days)
	return true
}
