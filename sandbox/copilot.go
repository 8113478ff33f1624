package sandbox

const copilotHeader = "Report Refresh Date,User Principal Name,Display Name,Last Activity Date," +
	"Copilot Chat Last Activity Date,Microsoft Teams Copilot Last Activity Date,Word Copilot Last Activity Date," +
	"Excel Copilot Last Activity Date,PowerPoint Copilot Last Activity Date,Outlook Copilot Last Activity Date," +
	"OneNote Copilot Last Activity Date,Loop Copilot Last Activity Date,Report Period"

// copilotMore is what version='v2' adds. Microsoft names these columns and does
// not say where they are; others were added after Report Period before.
const copilotMore = ",Prompts submitted for all apps,Prompts submitted for Copilot Chat (work),Prompts submitted for Copilot Chat (web)," +
	"Active Usage Days for all apps,Copilot Chat (work) Last Activity Date,Copilot Chat (web) Last Activity Date," +
	"Microsoft 365 Copilot Last Activity Date,Edge Last Activity Date,Copilot Agent Last Activity Date"

// writeCopilotUser fills a row of getMicrosoft365CopilotUsageUserDetail, which
// lists those who hold the licence.
func writeCopilotUser(v *reportView) bool { return v.writeCopilot(false) }

func writeCopilotUserV2(v *reportView) bool { return v.writeCopilot(true) }

func (v *reportView) writeCopilot(more bool) bool {
	if !v.licenses.holds(copilot) {
		return false
	}
	a := &v.activity
	on := a.copilotDays()
	r := &v.row
	r.date(v.refresh)
	v.upn()
	v.displayName()
	r.date(a.lastDay(a.mask(copilotApp)))
	for i := copilotChat; i <= copilotLoop; i++ {
		r.date(a.lastDay(&on[i]))
	}
	r.int(v.days)
	if !more {
		return true
	}
	all := 0
	for _, i := range promptApps {
		all += a.promptsFrom(i, &on[i], v.from())
	}
	r.int(all)
	r.int(a.promptsFrom(copilotWork, &on[copilotWork], v.from()))
	r.int(a.promptsFrom(copilotWeb, &on[copilotWeb], v.from()))
	active := a.within(a.mask(copilotApp), v.from())
	r.int(active.count())
	for i := copilotWork; i < copilotApps; i++ {
		r.date(a.lastDay(&on[i]))
	}
	return true
}
