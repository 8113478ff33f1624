package reports

import "m365lake/schemas"

// SkypeForBusinessActivityUserDetail is what each user did in Skype for Business in the period. The
// service is retired, so that the report is mostly empty, or gone; the app is therefore decided by
// Office365ActiveUserDetail.
// Source: learn.microsoft.com/graph/api/reportroot-getskypeforbusinessactivityuserdetail.
var SkypeForBusinessActivityUserDetail = report(
	Report{
		Name: "skype_for_business_activity_user_detail", Function: "getSkypeForBusinessActivityUserDetail",
		Subject: User, Days: true, Optional: true,
	},
	"What each user did in Skype for Business in the period, as Microsoft reports it. The service is retired; "+
		"mostly empty.",
	reportUPN,
	reportIsDeleted,
	reportDeletedDate,
	reportLastDate,
	schemas.Column{
		Name:   "total_peer_to_peer_session_count",
		Type:   schemas.Integer,
		Header: "Total Peer-to-peer Session Count",
		Doc:    "Peer-to-peer sessions.",
	},
	schemas.Column{
		Name:   "total_organized_conference_count",
		Type:   schemas.Integer,
		Header: "Total Organized Conference Count",
		Doc:    "Conferences organized.",
	},
	schemas.Column{
		Name:   "total_participated_conference_count",
		Type:   schemas.Integer,
		Header: "Total Participated Conference Count",
		Doc:    "Conferences taken part in.",
	},
	schemas.Column{
		Name:   "peer_to_peer_last_activity_date",
		Type:   schemas.Date,
		Header: "Peer-to-peer Last Activity Date",
		Doc:    "Last peer-to-peer session; NULL means never.",
	},
	schemas.Column{
		Name:   "organized_conference_last_activity_date",
		Type:   schemas.Date,
		Header: "Organized Conference Last Activity Date",
		Doc:    "Last conference organized; NULL means never.",
	},
	schemas.Column{
		Name:   "participated_conference_last_activity_date",
		Type:   schemas.Date,
		Header: "Participated Conference Last Activity Date",
		Doc:    "Last conference taken part in; NULL means never.",
	},
	schemas.Column{Name: "peer_to_peer_im_count", Type: schemas.Integer, Header: "Peer-to-peer IM Count",
		Doc: "Peer-to-peer sessions with messages."},
	schemas.Column{Name: "peer_to_peer_audio_count", Type: schemas.Integer, Header: "Peer-to-peer Audio Count",
		Doc: "Peer-to-peer sessions with audio."},
	schemas.Column{Name: "peer_to_peer_audio_minutes", Type: schemas.Integer, Header: "Peer-to-peer Audio Minutes",
		Doc: "Minutes of peer-to-peer audio."},
	schemas.Column{Name: "peer_to_peer_video_count", Type: schemas.Integer, Header: "Peer-to-peer Video Count",
		Doc: "Peer-to-peer sessions with video."},
	schemas.Column{Name: "peer_to_peer_video_minutes", Type: schemas.Integer, Header: "Peer-to-peer Video Minutes",
		Doc: "Minutes of peer-to-peer video."},
	schemas.Column{
		Name:   "peer_to_peer_app_sharing_count",
		Type:   schemas.Integer,
		Header: "Peer-to-peer App Sharing Count",
		Doc:    "Peer-to-peer sessions with application sharing.",
	},
	schemas.Column{
		Name:   "peer_to_peer_file_transfer_count",
		Type:   schemas.Integer,
		Header: "Peer-to-peer File Transfer Count",
		Doc:    "Peer-to-peer sessions with file transfer.",
	},
	schemas.Column{
		Name:   "organized_conference_im_count",
		Type:   schemas.Integer,
		Header: "Organized Conference IM Count",
		Doc:    "Conferences organized with messages.",
	},
	schemas.Column{
		Name:   "organized_conference_audio_video_count",
		Type:   schemas.Integer,
		Header: "Organized Conference Audio/Video Count",
		Doc:    "Conferences organized with audio or video.",
	},
	schemas.Column{
		Name:   "organized_conference_audio_video_minutes",
		Type:   schemas.Integer,
		Header: "Organized Conference Audio/Video Minutes",
		Doc:    "Minutes of audio or video in conferences organized.",
	},
	schemas.Column{
		Name:   "organized_conference_app_sharing_count",
		Type:   schemas.Integer,
		Header: "Organized Conference App Sharing Count",
		Doc:    "Conferences organized with application sharing.",
	},
	schemas.Column{
		Name:   "organized_conference_web_count",
		Type:   schemas.Integer,
		Header: "Organized Conference Web Count",
		Doc:    "Conferences organized that were joined from the web.",
	},
	schemas.Column{
		Name:   "organized_conference_dial_in_out_3rd_party_count",
		Type:   schemas.Integer,
		Header: "Organized Conference Dial-in/out 3rd Party Count",
		Doc:    "Conferences organized with dial-in or dial-out of another provider.",
	},
	schemas.Column{
		Name:   "organized_conference_dial_in_out_microsoft_count",
		Type:   schemas.Integer,
		Header: "Organized Conference Dial-in/out Microsoft Count",
		Doc:    "Conferences organized with Microsoft's dial-in or dial-out.",
	},
	schemas.Column{
		Name:   "organized_conference_dial_in_microsoft_minutes",
		Type:   schemas.Integer,
		Header: "Organized Conference Dial-in Microsoft Minutes",
		Doc:    "Minutes of Microsoft's dial-in in conferences organized.",
	},
	schemas.Column{
		Name:   "organized_conference_dial_out_microsoft_minutes",
		Type:   schemas.Integer,
		Header: "Organized Conference Dial-out Microsoft Minutes",
		Doc:    "Minutes of Microsoft's dial-out in conferences organized.",
	},
	schemas.Column{
		Name:   "participated_conference_im_count",
		Type:   schemas.Integer,
		Header: "Participated Conference IM Count",
		Doc:    "Conferences taken part in with messages.",
	},
	schemas.Column{
		Name:   "participated_conference_audio_video_count",
		Type:   schemas.Integer,
		Header: "Participated Conference Audio/Video Count",
		Doc:    "Conferences taken part in with audio or video.",
	},
	schemas.Column{
		Name:   "participated_conference_audio_video_minutes",
		Type:   schemas.Integer,
		Header: "Participated Conference Audio/Video Minutes",
		Doc:    "Minutes of audio or video in conferences taken part in.",
	},
	schemas.Column{
		Name:   "participated_conference_app_sharing_count",
		Type:   schemas.Integer,
		Header: "Participated Conference App Sharing Count",
		Doc:    "Conferences taken part in with application sharing.",
	},
	schemas.Column{
		Name:   "participated_conference_web_count",
		Type:   schemas.Integer,
		Header: "Participated Conference Web Count",
		Doc:    "Conferences joined from the web.",
	},
	schemas.Column{
		Name:   "participated_conference_dial_in_out_3rd_party_count",
		Type:   schemas.Integer,
		Header: "Participated Conference Dial-in/out 3rd Party Count",
		Doc:    "Conferences taken part in with dial-in or dial-out of another provider.",
	},
	reportProducts,
	reportProductList,
)
