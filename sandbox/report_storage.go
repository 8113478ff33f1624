package sandbox

// The reports of storage: OneDrive accounts and mailboxes.

const driveHeader = "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count," +
	"Storage Used (Byte),Storage Allocated (Byte),Owner Principal Name,Report Period"

const mailboxHeader = "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Created Date,Last Activity Date," +
	"Item Count,Storage Used (Byte),Issue Warning Quota (Byte),Prohibit Send Quota (Byte),Prohibit Send/Receive Quota (Byte)," +
	"Deleted Item Count,Deleted Item Size (Byte),Deleted Item Quota (Byte),Has Archive,Recipient Type,Report Period"

// writeDrive fills a row of getOneDriveUsageAccountDetail, which is about the
// account's site: there is one for each licence.
func writeDrive(v *reportView) bool {
	last, ok := v.lists(onedrive)
	if !ok || !v.licenses.apps.has(onedrive) {
		return false
	}
	p := &v.person
	h := roll(p.h, tagDrive)
	files := 1 + grown(h, min(v.refresh, p.left)-p.start, 400, 600)
	c := v.activity.counts(onedrive, v.from())
	r := &v.row
	r.date(v.refresh)
	v.site(guid(h))
	v.siteURL(func(b []byte) []byte { return v.t.appendDriveURL(b, p, v.t.day()) })
	v.displayName()
	r.truth(v.gone != noDay && v.refresh-v.gone >= 7) // it takes a week to be marked
	r.date(last)
	r.int(files)
	r.int(c[fileViewed] + c[fileSynced])
	r.int(files * (120_000 + pick(mix(h+1), 2_000_000)))
	if v.licenses.holds(e5) || v.licenses.holds(e3) {
		r.int(5 * terabyte)
	} else {
		r.int(terabyte)
	}
	v.upn()
	r.int(v.days)
	return true
}

// site is the id of a site, or what conceals it.
func (v *reportView) site(id string) {
	if v.concealed {
		id = zeroGUID
	}
	v.row.plain(id)
}

// siteURL is the address of a site: concealed, it is left empty.
func (v *reportView) siteURL(write func(b []byte) []byte) {
	v.scratch = v.scratch[:0]
	if !v.concealed {
		v.scratch = write(v.scratch)
	}
	v.row.text(v.scratch)
}

// writeMailbox fills a row of getMailboxUsageDetail.
func writeMailbox(v *reportView) bool {
	p := &v.person
	shared := p.kind == service
	last, ok := v.lists(exchange)
	if shared {
		last, ok = p.sharedMail(v.refresh), true
	}
	if !ok {
		return false
	}
	h := roll(p.h, tagMailbox)
	age := min(v.refresh, p.left) - p.start
	quota, archive := 50*gigabyte, false
	switch {
	case v.licenses.holds(e5), v.licenses.holds(e3), v.licenses.holds(oldE3):
		quota, archive = 100*gigabyte, chance(mix(h+1), 300)
	case v.licenses.holds(f3):
		quota = 2 * gigabyte
	}
	items := grown(h, age, 500, 3000)
	recoverable := items * pick(mix(h+2), 100) / 1000
	r := &v.row
	r.date(v.refresh)
	v.upn()
	v.displayName()
	v.deleted()
	r.date(p.start)
	r.date(last)
	r.int(items)
	r.int(min(items*(40_000+pick(mix(h+3), 90_000)), quota)) // a few are full
	r.int(quota / 100 * 98)
	r.int(quota / 100 * 99)
	r.int(quota)
	r.int(recoverable)
	r.int(recoverable * 31_000)
	if archive {
		r.int(100 * gigabyte)
	} else {
		r.int(30 * gigabyte)
	}
	r.truth(archive)
	if shared {
		r.plain("Shared")
	} else {
		r.plain("User")
	}
	r.int(v.days)
	return true
}
