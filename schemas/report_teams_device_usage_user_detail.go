package schemas

// TeamsDeviceUsageUserDetail is on which devices each user used Microsoft Teams in the period.
// Source: learn.microsoft.com/graph/api/reportroot-getteamsdeviceusageuserdetail.
var TeamsDeviceUsageUserDetail = report(Report{Name: "teams_device_usage_user_detail", Function: "getTeamsDeviceUsageUserDetail", Days: true},
	"On which devices each user used Microsoft Teams in the period, as Microsoft reports it.",
	reportUserID,
	reportUPN,
	reportLastDate,
	reportIsDeleted,
	reportDeletedDate,
	Column{Name: "used_web", Type: Boolean, Header: "Used Web", Doc: "Teams used in a browser."},
	Column{Name: "used_windows_phone", Type: Boolean, Header: "Used Windows Phone", Doc: "Always false: there are none any more."},
	Column{Name: "used_ios", Type: Boolean, Header: "Used iOS", Doc: "Teams used on an iPhone or iPad."},
	Column{Name: "used_mac", Type: Boolean, Header: "Used Mac", Doc: "Teams used on Mac."},
	Column{Name: "used_android_phone", Type: Boolean, Header: "Used Android Phone", Doc: "Teams used on Android."},
	Column{Name: "used_windows", Type: Boolean, Header: "Used Windows", Doc: "Teams used on Windows."},
	Column{Name: "used_chrome_os", Type: Boolean, Header: "Used Chrome OS", Doc: "Teams used on Chrome OS."},
	Column{Name: "used_linux", Type: Boolean, Header: "Used Linux", Doc: "Teams used on Linux."},
	Column{Name: "is_licensed", Type: Boolean, Header: "Is Licensed", Doc: "Whether the report thinks the user has a Teams licence."},
)
