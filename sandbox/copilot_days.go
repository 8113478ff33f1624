package sandbox

// Where Copilot is used. The first are the columns of every version, in their
// order; the others are ways into Copilot Chat, which only version 2 tells apart.
const (
	copilotChat = iota
	copilotTeams
	copilotWord
	copilotExcel
	copilotPowerPoint
	copilotOutlook
	copilotOneNote
	copilotLoop
	copilotWork
	copilotWeb
	copilotM365
	copilotEdge
	copilotAgent
	copilotApps
)

var copilotNames = [copilotApps]string{"copilot_chat", "microsoft_teams", "word", "excel", "powerpoint", "outlook", "onenote", "loop",
	"copilot_chat_work", "copilot_chat_web", "microsoft_365_copilot", "edge", "copilot_agent"}

// copilotIn are the apps that Copilot is a part of: whoever asks it there uses
// the app on that day.
var copilotIn = [...]app{copilotTeams: teams, copilotWord: word, copilotExcel: excel, copilotPowerPoint: powerpoint,
	copilotOutlook: exchange, copilotOneNote: onenote}

// copilotDays is the days on which Copilot was used in each app. Every active
// day has at least one, and every day of Copilot Chat is work or web.
func (a *activity) copilotDays() (on [copilotApps]mask) {
	all := a.mask(copilotApp)
	seed := roll(a.p.h, tagCopilot)
	rest := *all
	for i := copilotTeams; i <= copilotLoop; i++ {
		rare := 1 + pick(mix(seed+uint64(i)), 4) // a trait: how rarely the person asks there
		if i == copilotLoop {
			rare += 2
		}
		on[i] = a.thin(all, seed+uint64(i)<<56, rare)
		if i < len(copilotIn) {
			on[i].keep(a.mask(copilotIn[i]))
		}
		rest = rest.without(&on[i])
	}
	chat := a.thin(all, seed+uint64(copilotChat+1)<<60, 1)
	chat.add(&rest)
	on[copilotChat] = chat
	on[copilotWork] = a.thin(&chat, seed+uint64(copilotWork)<<56, 1)
	on[copilotWeb] = chat.without(&on[copilotWork])
	both := a.thin(&chat, seed+uint64(copilotWeb)<<56, 3)
	on[copilotWeb].add(&both)
	on[copilotM365] = a.thin(&on[copilotWork], seed+uint64(copilotM365)<<56, 1)
	on[copilotEdge] = a.thin(&on[copilotWeb], seed+uint64(copilotEdge)<<56, 1)
	on[copilotAgent] = a.thin(&on[copilotWork], seed+uint64(copilotAgent)<<56, 3)
	return on
}

// prompts is how many prompts were submitted in an app on an active day.
func (p *person) prompts(x int, on day) int {
	h := mix(roll(p.h, tagCopilot) ^ uint64(on)*0x9e3779b97f4a7c15 + uint64(x))
	return 1 + pick(h, 1+pick(p.h, 12))
}

// promptsFrom sums the prompts of the days from..last in one app.
func (a *activity) promptsFrom(x int, m *mask, from day) (n int) {
	days := a.within(m, from)
	a.each(&days, func(on day) { n += a.p.prompts(x, on) })
	return n
}

// promptApps are the apps whose prompts add up to all of them: the ways into
// Copilot Chat count as work or web.
var promptApps = [...]int{copilotTeams, copilotWord, copilotExcel, copilotPowerPoint, copilotOutlook, copilotOneNote, copilotLoop,
	copilotWork, copilotWeb}
