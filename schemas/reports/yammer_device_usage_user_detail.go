package reports

import "m365lake/schemas"

// YammerDeviceUsageUserDetail is on which devices each user used Yammer, now Viva Engage, in the period.
// Source: learn.microsoft.com/graph/api/reportroot-getyammerdeviceusageuserdetail.
var YammerDeviceUsageUserDetail = report(Report{
	Name: "yammer_device_usage_user_detail", Function: "getYammerDeviceUsageUserDetail", Subject: User,
	Days: true, Optional: true,
},
	"On which devices each user used Yammer (now Viva Engage) in the period, as Microsoft reports it.",
	reportUPN,
	reportDisplayName,
	reportUserState,
	reportStateDate,
	reportLastDate,
	schemas.Column{Name: "used_web", Type: schemas.Boolean, Header: "Used Web", Doc: "Used in a browser."},
	schemas.Column{Name: "used_windows_phone", Type: schemas.Boolean, Header: "Used Windows Phone",
		Doc: "Always false: there are none any more."},
	schemas.Column{Name: "used_android_phone", Type: schemas.Boolean, Header: "Used Android Phone",
		Doc: "Used on Android."},
	schemas.Column{Name: "used_iphone", Type: schemas.Boolean, Header: "Used iPhone", Doc: "Used on an iPhone."},
	schemas.Column{Name: "used_ipad", Type: schemas.Boolean, Header: "Used iPad", Doc: "Used on an iPad."},
	schemas.Column{Name: "used_others", Type: schemas.Boolean, Header: "Used Others", Doc: "Used on something else."},
)
