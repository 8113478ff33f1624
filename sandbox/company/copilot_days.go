package company

import (
	"m365lake/sandbox/calendar"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
)

// Where Copilot is used. The first are the columns of every version, in their order; the others are ways into Copilot
// Chat, which only version 2 tells apart.
const (
	CopilotChat = iota
	CopilotTeams
	CopilotWord
	CopilotExcel
	CopilotPowerPoint
	CopilotOutlook
	CopilotOneNote
	CopilotLoop
	CopilotWork
	CopilotWeb
	CopilotM365
	CopilotEdge
	copilotAgent
	CopilotApps
)

// CopilotNames are the names of where Copilot is used, as in copilot.csv of package truth.
var CopilotNames = [CopilotApps]string{
	"copilot_chat",
	"microsoft_teams",
	"word",
	"excel",
	"powerpoint",
	"outlook",
	"onenote",
	"loop",
	"copilot_chat_work",
	"copilot_chat_web",
	"microsoft_365_copilot",
	"edge",
	"copilot_agent",
}

// copilotIn are the apps that Copilot is a part of: people who ask Copilot there use the app on that day.
var copilotIn = [...]products.App{
	CopilotTeams:      products.Teams,
	CopilotWord:       products.Word,
	CopilotExcel:      products.Excel,
	CopilotPowerPoint: products.PowerPoint,
	CopilotOutlook:    products.Exchange,
	CopilotOneNote:    products.OneNote,
}

// CopilotDays is the days on which Copilot was used in each app. Every active day has at least one, and every day of
// Copilot Chat is work or web.
func (a *Activity) CopilotDays() (on [CopilotApps]DaySet) {
	all := a.Days(products.CopilotApp)
	seed := dice.Roll(a.Person.Hash, dice.TagCopilot)
	rest := *all
	for i := CopilotTeams; i <= CopilotLoop; i++ {
		rare := 1 + dice.Pick(dice.Mix(seed+uint64(i)), 4) // a trait: how rarely the person asks there
		if i == CopilotLoop {
			rare += 2
		}
		on[i] = a.Thin(all, seed+uint64(i)<<56, rare)
		if i < len(copilotIn) {
			on[i].Intersect(a.Days(copilotIn[i]))
		}
		rest = rest.without(&on[i])
	}
	chat := a.Thin(all, seed+uint64(CopilotChat+1)<<60, 1)
	chat.Unite(&rest)
	on[CopilotChat] = chat
	on[CopilotWork] = a.Thin(&chat, seed+uint64(CopilotWork)<<56, 1)
	on[CopilotWeb] = chat.without(&on[CopilotWork])
	both := a.Thin(&chat, seed+uint64(CopilotWeb)<<56, 3)
	on[CopilotWeb].Unite(&both)
	on[CopilotM365] = a.Thin(&on[CopilotWork], seed+uint64(CopilotM365)<<56, 1)
	on[CopilotEdge] = a.Thin(&on[CopilotWeb], seed+uint64(CopilotEdge)<<56, 1)
	on[copilotAgent] = a.Thin(&on[CopilotWork], seed+uint64(copilotAgent)<<56, 3)
	return on
}

// Prompts is how many prompts were submitted in an app on an active day.
func (p *Person) Prompts(x int, on calendar.Day) int {
	h := dice.Mix(dice.Roll(p.Hash, dice.TagCopilot) ^ uint64(on)*0x9e3779b97f4a7c15 + uint64(x))
	return 1 + dice.Pick(h, 1+dice.Pick(p.Hash, 12))
}

// PromptsFrom sums the prompts of the days from..last in one app.
func (a *Activity) PromptsFrom(x int, m *DaySet, from calendar.Day) (n int) {
	days := a.Since(m, from)
	a.EachDay(&days, func(on calendar.Day) { n += a.Person.Prompts(x, on) })
	return n
}

// PromptApps are the apps whose prompts add up to all of them: the ways into Copilot Chat count as work or web.
var PromptApps = [...]int{
	CopilotTeams,
	CopilotWord,
	CopilotExcel,
	CopilotPowerPoint,
	CopilotOutlook,
	CopilotOneNote,
	CopilotLoop,
	CopilotWork,
	CopilotWeb,
}
