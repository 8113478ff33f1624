package reports

// CopilotUserCountSummary is how many hold Copilot and how many used it in the whole period. It is version 1, which has
// 30 days as our own number of Copilot has.
var CopilotUserCountSummary = countReport(CountReport{
	Name: "copilot_user_count_summary", Function: "getMicrosoft365CopilotUserCountSummary", Base: copilotBase,
	Whole: true, Optional: true,
	Measures: copilotMeasures(),
})
