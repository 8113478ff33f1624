package reports

// CopilotUserCountTrend is how many hold Copilot and how many used it on each day.
var CopilotUserCountTrend = countReport(CountReport{
	Name: "copilot_user_count_trend", Function: "getMicrosoft365CopilotUserCountTrend", Base: copilotBase,
	Optional: true,
	Measures: copilotMeasures(),
})
