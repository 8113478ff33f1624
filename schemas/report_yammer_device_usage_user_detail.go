package schemas

// YammerDeviceUsageUserDetail is on which devices each user used Yammer, now Viva Engage, in the period.
// Source: learn.microsoft.com/graph/api/reportroot-getyammerdeviceusageuserdetail.
var YammerDeviceUsageUserDetail = report(Report{Name: "yammer_device_usage_user_detail", Function: "getYammerDeviceUsageUserDetail", Days: true, Optional: true},
	"On which devices each user used Yammer (now Viva Engage) in the period, as Microsoft reports it.",
	reportUPN,
	reportDisplayName,
	reportUserState,
	reportStateDate,
	reportLastDate,
	Column{Name: "used_web", Type: Boolean, Header: "Used Web", Doc: "Used in a browser."},
	Column{Name: "used_windows_phone", Type: Boolean, Header: "Used Windows Phone", Doc: "Always false: there are none any more."},
	Column{Name: "used_android_phone", Type: Boolean, Header: "Used Android Phone", Doc: "Used on Android."},
	Column{Name: "used_iphone", Type: Boolean, Header: "Used iPhone", Doc: "Used on an iPhone."},
	Column{Name: "used_ipad", Type: Boolean, Header: "Used iPad", Doc: "Used on an iPad."},
	Column{Name: "used_others", Type: Boolean, Header: "Used Others", Doc: "Used on something else."},
)
