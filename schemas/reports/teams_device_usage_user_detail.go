package reports

import "m365lake/schemas"

// TeamsDeviceUsageUserDetail is on which devices each user used Microsoft Teams in the period.
// Source: learn.microsoft.com/graph/api/reportroot-getteamsdeviceusageuserdetail.
var TeamsDeviceUsageUserDetail = report(Report{
	Name: "teams_device_usage_user_detail", Function: "getTeamsDeviceUsageUserDetail", Subject: User,
	Days: true,
},
	"On which devices each user used Microsoft Teams in the period, as Microsoft reports it.",
	reportUserID,
	reportUPN,
	reportLastDate,
	reportIsDeleted,
	reportDeletedDate,
	schemas.Column{Name: "used_web", Type: schemas.Boolean, Header: "Used Web", Doc: "Teams used in a browser."},
	schemas.Column{Name: "used_windows_phone", Type: schemas.Boolean, Header: "Used Windows Phone",
		Doc: "Always false: there are none any more."},
	schemas.Column{Name: "used_ios", Type: schemas.Boolean, Header: "Used iOS", Doc: "Teams used on an iPhone or iPad."},
	schemas.Column{Name: "used_mac", Type: schemas.Boolean, Header: "Used Mac", Doc: "Teams used on Mac."},
	schemas.Column{Name: "used_android_phone", Type: schemas.Boolean, Header: "Used Android Phone",
		Doc: "Teams used on Android."},
	schemas.Column{Name: "used_windows", Type: schemas.Boolean, Header: "Used Windows", Doc: "Teams used on Windows."},
	schemas.Column{Name: "used_chrome_os", Type: schemas.Boolean, Header: "Used Chrome OS",
		Doc: "Teams used on Chrome OS."},
	schemas.Column{Name: "used_linux", Type: schemas.Boolean, Header: "Used Linux", Doc: "Teams used on Linux."},
	schemas.Column{Name: "is_licensed", Type: schemas.Boolean, Header: "Is Licensed",
		Doc: "Whether the report thinks the user has a Teams licence."},
)
