package reports

import (
	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
)

const copilotHeader = "Report Refresh Date,User Principal Name,Display Name,Last Activity Date," +
	"Copilot Chat Last Activity Date,Microsoft Teams Copilot Last Activity Date,Word Copilot Last Activity Date," +
	"Excel Copilot Last Activity Date,PowerPoint Copilot Last Activity Date,Outlook Copilot Last Activity Date," +
	"OneNote Copilot Last Activity Date,Loop Copilot Last Activity Date,Report Period"

// copilotMore is what version='v2' adds. Microsoft names these columns and does not say where they are; others were
// added after Report Period before.
const copilotMore = ",Prompts submitted for all apps,Prompts submitted for Copilot Chat (work),Prompts submitted " +
	"for Copilot Chat (web)," +
	"Active Usage Days for all apps,Copilot Chat (work) Last Activity Date,Copilot Chat (web) Last Activity Date," +
	"Microsoft 365 Copilot Last Activity Date,Edge Last Activity Date,Copilot Agent Last Activity Date"

// writeCopilotUser fills a row of getMicrosoft365CopilotUsageUserDetail, which lists those who hold the licence.
func writeCopilotUser(v *view) bool { return v.writeCopilot(false) }

func writeCopilotUserV2(v *view) bool { return v.writeCopilot(true) }

func (v *view) writeCopilot(more bool) bool {
	if !v.licenses.Holds(products.Copilot) {
		return false
	}
	a := &v.activity
	on := a.CopilotDays()
	r := &v.row
	r.Date(v.refresh)
	v.upn()
	v.displayName()
	r.Date(a.LastDay(a.Days(products.CopilotApp)))
	for i := company.CopilotChat; i <= company.CopilotLoop; i++ {
		r.Date(a.LastDay(&on[i]))
	}
	r.Int(v.days)
	if !more {
		return true
	}
	all := 0
	for _, i := range company.PromptApps {
		all += a.PromptsFrom(i, &on[i], v.from())
	}
	r.Int(all)
	r.Int(a.PromptsFrom(company.CopilotWork, &on[company.CopilotWork], v.from()))
	r.Int(a.PromptsFrom(company.CopilotWeb, &on[company.CopilotWeb], v.from()))
	active := a.Since(a.Days(products.CopilotApp), v.from())
	r.Int(active.Count())
	for i := company.CopilotWork; i < company.CopilotApps; i++ {
		r.Date(a.LastDay(&on[i]))
	}
	return true
}
