package reports

import "m365lake/schemas"

// YammerActivityUserDetail is what each user did in Yammer, now Viva Engage, in the period.
// Source: learn.microsoft.com/graph/api/reportroot-getyammeractivityuserdetail.
var YammerActivityUserDetail = report(Report{
	Name: "yammer_activity_user_detail", Function: "getYammerActivityUserDetail", Subject: User,
	Days: true, Optional: true,
},
	"What each user did in Yammer (now Viva Engage) in the period, as Microsoft reports it.",
	reportUPN,
	reportDisplayName,
	reportUserState,
	reportStateDate,
	reportLastDate,
	schemas.Column{Name: "posted_count", Type: schemas.Integer, Header: "Posted Count", Doc: "Messages posted."},
	schemas.Column{Name: "read_count", Type: schemas.Integer, Header: "Read Count", Doc: "Conversations read."},
	schemas.Column{Name: "liked_count", Type: schemas.Integer, Header: "Liked Count", Doc: "Messages liked."},
	reportProducts,
	reportProductList,
)
