package reports

import "m365lake/schemas"

// TeamsUserActivityDetail is what each user did in Microsoft Teams in the period.
// The documented column order is not the delivered one; columns are bound by header.
// Source: learn.microsoft.com/graph/api/reportroot-getteamsuseractivityuserdetail.
var TeamsUserActivityDetail = report(Report{
	Name: "teams_user_activity_detail", Function: "getTeamsUserActivityUserDetail", Subject: User,
	Days: true,
},
	"What each user did in Microsoft Teams in the period, as Microsoft reports it.",
	reportUserID,
	reportUPN,
	reportLastDate,
	reportIsDeleted,
	reportDeletedDate,
	reportProducts,
	reportProductList,
	schemas.Column{Name: "team_chat_message_count", Type: schemas.Integer, Header: "Team Chat Message Count", Doc: "Messages in team channels: posts and replies."},
	schemas.Column{Name: "private_chat_message_count", Type: schemas.Integer, Header: "Private Chat Message Count", Doc: "Messages in one-to-one and group chats."},
	schemas.Column{Name: "call_count", Type: schemas.Integer, Header: "Call Count", Doc: "One-to-one calls."},
	schemas.Column{Name: "meeting_count", Type: schemas.Integer, Header: "Meeting Count", Doc: "Meetings taken part in."},
	schemas.Column{Name: "post_messages", Type: schemas.Integer, Header: "Post Messages", Doc: "Channel messages that start a conversation."},
	schemas.Column{Name: "reply_messages", Type: schemas.Integer, Header: "Reply Messages", Doc: "Channel messages that answer one."},
	schemas.Column{Name: "urgent_messages", Type: schemas.Integer, Header: "Urgent Messages", Doc: "Messages marked urgent."},
	schemas.Column{Name: "meetings_organized_count", Type: schemas.Integer, Header: "Meetings Organized Count", Doc: "Meetings organized; can exceed the sum of the three kinds."},
	schemas.Column{Name: "meetings_attended_count", Type: schemas.Integer, Header: "Meetings Attended Count", Doc: "Meetings attended; can exceed the sum of the three kinds."},
	schemas.Column{Name: "ad_hoc_meetings_organized_count", Type: schemas.Integer, Header: "Ad Hoc Meetings Organized Count", Doc: "Ad hoc meetings organized."},
	schemas.Column{Name: "ad_hoc_meetings_attended_count", Type: schemas.Integer, Header: "Ad Hoc Meetings Attended Count", Doc: "Ad hoc meetings attended."},
	schemas.Column{Name: "scheduled_one_time_meetings_organized_count", Type: schemas.Integer, Header: "Scheduled One-time Meetings Organized Count", Doc: "Scheduled single meetings organized."},
	schemas.Column{Name: "scheduled_one_time_meetings_attended_count", Type: schemas.Integer, Header: "Scheduled One-time Meetings Attended Count", Doc: "Scheduled single meetings attended."},
	schemas.Column{Name: "scheduled_recurring_meetings_organized_count", Type: schemas.Integer, Header: "Scheduled Recurring Meetings Organized Count", Doc: "Scheduled recurring meetings organized."},
	schemas.Column{Name: "scheduled_recurring_meetings_attended_count", Type: schemas.Integer, Header: "Scheduled Recurring Meetings Attended Count", Doc: "Scheduled recurring meetings attended."},
	schemas.Column{Name: "audio_duration", Type: schemas.Text, Header: "Audio Duration", Doc: "Time with audio, ISO 8601 (PT1H)."},
	schemas.Column{Name: "video_duration", Type: schemas.Text, Header: "Video Duration", Doc: "Time with video, ISO 8601."},
	schemas.Column{Name: "screen_share_duration", Type: schemas.Text, Header: "Screen Share Duration", Doc: "Time sharing a screen, ISO 8601."},
	schemas.Column{Name: "audio_duration_in_seconds", Type: schemas.Integer, Header: "Audio Duration In Seconds", Doc: "Seconds with audio."},
	schemas.Column{Name: "video_duration_in_seconds", Type: schemas.Integer, Header: "Video Duration In Seconds", Doc: "Seconds with video."},
	schemas.Column{Name: "screen_share_duration_in_seconds", Type: schemas.Integer, Header: "Screen Share Duration In Seconds", Doc: "Seconds sharing a screen."},
	schemas.Column{Name: "has_other_action", Type: schemas.Boolean, Header: "Has Other Action", Doc: "Active with all counters zero: opened or read something."},
	schemas.Column{Name: "is_licensed", Type: schemas.Boolean, Header: "Is Licensed", Doc: "Whether the report thinks the user has a Teams licence."},
	schemas.Column{Name: "tenant_display_name", Type: schemas.Text, Header: "Tenant Display Name", Doc: "Tenant the user belongs to."},
	schemas.Column{Name: "shared_channel_tenant_display_names", Type: schemas.Text, Header: "Shared Channel Tenant Display Names", Doc: "Tenants whose shared channels the user took part in."},
)
