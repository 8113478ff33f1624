package sandbox

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const skypeReport = "getSkypeForBusinessActivityUserDetail"

// The header lines as they are delivered, copied from captures and documentation once more, so that a slip in the code
// shows.
var delivered = map[string]string{
	"getOffice365ActiveUserDetail": `Report Refresh Date,User Principal Name,Display Name,Is Deleted,` +
		`Deleted Date,Has Exchange License,Has OneDrive License,Has SharePoint License,Has Skype For Business ` +
		`License,Has Yammer License,Has Teams License,Exchange Last Activity Date,OneDrive Last Activity Date,` +
		`SharePoint Last Activity Date,Skype For Business Last Activity Date,Yammer Last Activity Date,` +
		`Teams Last Activity Date,Exchange License Assign Date,OneDrive License Assign Date,SharePoint ` +
		`License Assign Date,Skype For Business License Assign Date,Yammer License Assign Date,` +
		`Teams License Assign Date,Assigned Products`,
	"getM365AppUserDetail": `Report Refresh Date,User Principal Name,Last Activation Date,Last ` +
		`Activity Date,Report Period,Windows,Mac,Mobile,Web,Outlook,Word,Excel,PowerPoint,OneNote,Teams,Outlook ` +
		`(Windows),Word (Windows),Excel (Windows),PowerPoint (Windows),OneNote (Windows),Teams (Windows),` +
		`Outlook (Mac),Word (Mac),Excel (Mac),PowerPoint (Mac),OneNote (Mac),Teams (Mac),Outlook (Mobile),` +
		`Word (Mobile),Excel (Mobile),PowerPoint (Mobile),OneNote (Mobile),Teams (Mobile),Outlook (Web),` +
		`Word (Web),Excel (Web),PowerPoint (Web),OneNote (Web),Teams (Web)`,
	"getTeamsUserActivityUserDetail": `Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is ` +
		`Deleted,Deleted Date,Assigned Products,Team Chat Message Count,Private Chat Message Count,Call Count,` +
		`Meeting Count,Meetings Organized Count,Meetings Attended Count,Ad Hoc Meetings Organized Count,Ad Hoc ` +
		`Meetings Attended Count,Scheduled One-time Meetings Organized Count,Scheduled One-time Meetings ` +
		`Attended Count,Scheduled Recurring Meetings Organized Count,Scheduled Recurring Meetings ` +
		`Attended Count,Audio Duration,Video Duration,Screen Share Duration,Audio Duration In ` +
		`Seconds,Video Duration In Seconds,Screen Share Duration In Seconds,Has Other Action,` +
		`Urgent Messages,Post Messages,Tenant Display Name,Shared Channel Tenant Display ` +
		`Names,Reply Messages,Is Licensed,Report Period`,
	"getEmailActivityUserDetail": `Report Refresh Date,User Principal Name,Display Name,Is Deleted,` +
		`Deleted Date,Last Activity Date,Send Count,Receive Count,Read Count,Meeting Created Count,Meeting ` +
		`Interacted Count,Assigned Products,Report Period`,
	"getEmailAppUsageUserDetail": `Report Refresh Date,User Principal Name,Display Name,Is Deleted,` +
		`Deleted Date,Last Activity Date,Mail For Mac,Outlook For Mac,Outlook For Windows,Outlook For Mobile,Other ` +
		`For Mobile,Outlook For Web,POP3 App,IMAP4 App,SMTP App,Report Period`,
	"getTeamsDeviceUsageUserDetail": `Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is ` +
		`Deleted,Deleted Date,Used Web,Used Windows Phone,Used iOS,Used Mac,Used Android Phone,Used Windows,Used  ` +
		`Chrome OS,Used Linux,Is Licensed,Report Period`,
	"getYammerActivityUserDetail": `Report Refresh Date,User Principal Name,Display Name,User State,State ` +
		`Change Date,Last Activity Date,Posted Count,Read Count,Liked Count,Assigned Products,Report Period`,
	"getYammerDeviceUsageUserDetail": `Report Refresh Date,User Principal Name,Display Name,User State,State ` +
		`Change Date,Last Activity Date,Used Web,Used Windows Phone,Used Android Phone,Used iPhone,Used iPad,Used ` +
		`Others,Report Period`,
	"getSkypeForBusinessActivityUserDetail": `Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last ` +
		`Activity Date,Total Peer-to-peer Session Count,Total Organized Conference Count,Total Participated ` +
		`Conference Count,Peer-to-peer Last Activity Date,Organized Conference Last Activity Date,Participated ` +
		`Conference Last Activity Date,Peer-to-peer IM Count,Peer-to-peer Audio Count,Peer-to-peer Audio ` +
		`Minutes,Peer-to-peer Video Count,Peer-to-peer Video Minutes,Peer-to-peer App Sharing Count,` +
		`Peer-to-peer File Transfer Count,Organized Conference IM Count,Organized Conference ` +
		`Audio/Video Count,Organized Conference Audio/Video Minutes,Organized Conference App ` +
		`Sharing Count,Organized Conference Web Count,Organized Conference Dial-in/out 3rd ` +
		`Party Count,Organized Conference Dial-in/out Microsoft Count,Organized ` +
		`Conference Dial-in Microsoft Minutes,Organized Conference Dial-out ` +
		`Microsoft Minutes,Participated Conference IM Count,Participated ` +
		`Conference Audio/Video Count,Participated Conference Audio/Video ` +
		`Minutes,Participated Conference App Sharing Count,Participated ` +
		`Conference Web Count,Participated Conference Dial-in/out ` +
		`3rd Party Count,Assigned Products,Report Period`,
	"getOneDriveActivityUserDetail": `Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last ` +
		`Activity Date,Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally ` +
		`File Count,Assigned Products,Report Period`,
	"getSharePointActivityUserDetail": `Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last ` +
		`Activity Date,Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally ` +
		`File Count,Visited Page Count,Assigned Products,Report Period`,
}

func TestReportFile(t *testing.T) {
	c := start(t, Options{Users: 600})
	for function, header := range delivered {
		body := c.raw(function + "(period='D7')")
		if function == skypeReport {
			if body != bom+header+"\r\n" {
				t.Errorf("%s is retired, and lists %.900q", function, body)
			}
			continue
		}
		if !strings.HasPrefix(body, "\xef\xbb\xbf"+header+"\r\n2026-03-14,") {
			t.Errorf("%s begins %.900q", function, body)
		}
		if !strings.HasSuffix(body, "\r\n") || strings.Count(body, "\n") != strings.Count(body, "\r\n") {
			t.Errorf("%s: line ends", function)
		}
		rows := c.table(function + "(period='D7')")
		if len(rows) < 400 || len(rows) > 560 {
			t.Errorf("%s: %d rows of 600 people", function, len(rows))
		}
		period := "7"
		if function == "getOffice365ActiveUserDetail" {
			period = "" // the only one without the column
		}
		for _, r := range rows {
			if r["Report Period"] != period || !strings.Contains(r["User Principal Name"], "@") {
				t.Fatalf("%s: %v", function, r)
			}
		}
	}
	body := c.raw("getOffice365ActiveUserDetail(period='D180')")
	for _, want := range []string{`,"`, "ENTERPRISE MOBILITY + SECURITY E5", "+MICROSOFT POWER AUTOMATE FREE"} {
		if !strings.Contains(body, want) {
			t.Errorf("nowhere in the report: %s", want)
		}
	}
}

func TestTwoHops(t *testing.T) {
	now := monday
	c := start(t, Options{Users: 20, Today: func() time.Time { return now }})
	resp, _ := c.graph("/reports/getTeamsUserActivityUserDetail(period='D7')?$format=text/csv")
	link := resp.Header.Get("Location")
	if resp.StatusCode != http.StatusFound || !strings.HasPrefix(link, c.server.DownloadURL()+"/") ||
		resp.Header.Get("Content-Type") != "text/plain" {
		t.Fatalf("first hop: %s %v", resp.Status, resp.Header)
	}
	if c.server.DownloadURL() == c.server.URL() {
		t.Error("one host for both")
	}
	if resp, _ := c.do(link, "Authorization", "Bearer "+c.token); resp.StatusCode != 400 {
		t.Errorf("with a bearer token: %s", resp.Status)
	}
	if last := c.server.Requests()[1]; !last.Authorization || !last.Download || last.Status != 400 {
		t.Errorf("the leak is not in the log: %+v", last)
	}
	resp, _ = c.do(link)
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("second hop: %s %v", resp.Status, resp.Header)
	}
	if resp, _ := c.do(link + "x"); resp.StatusCode != 403 {
		t.Errorf("damaged link: %s", resp.Status)
	}
	now = now.Add(5*time.Minute + time.Second)
	if resp, _ := c.do(link); resp.StatusCode != 403 {
		t.Errorf("old link: %s", resp.Status)
	}
	resp, _ = c.graph("/reports/getM365AppUserDetail%28period%3D%27D30%27%29")
	if resp.StatusCode != http.StatusFound {
		t.Errorf("encoded: %s", resp.Status)
	}
}

func TestBadQuestions(t *testing.T) {
	c := start(t, Options{Users: 20})
	const f = "/reports/getM365AppUserDetail"
	for path, want := range map[string]string{
		f + "(period='D8')":     `"code":"InvalidArgument"`,
		f + "(period=D7)":       `"code":"InvalidArgument"`,
		f + "(date=2026-02-15)": "Only support data for the past 28 days.",
		f + "(date=2026-03-16)": "Only support data for the past 28 days.",
		f + "(date=yesterday)":  "Invalid date value specified: yesterday.",
		f:                       "Resource not found for the segment",
		f + "(period='D7')?$format=application/js": "JSON format is not supported.",
		"/reports/getNothing(period='D7')":         "Resource not found for the segment 'getNothing'",
		"/nothing":                                 "Resource not found for the segment 'nothing'",
	} {
		if resp, body := c.graph(path); resp.StatusCode != 400 || !strings.Contains(body, want) {
			t.Errorf("%s: %s %s", path, resp.Status, body)
		}
	}
	for _, day := range []string{"2026-02-16", "'2026-03-14'", "2026-03-15"} {
		c.table("getOffice365ActiveUserDetail(date=" + day + ")")
	}
	if rows := c.table("getOffice365ActiveUserDetail(date=2026-03-15)"); len(rows) != 0 {
		t.Errorf("%d rows for a day that is not known yet", len(rows))
	}
}

func TestThrottle(t *testing.T) {
	now := monday
	c := start(t, Options{Users: 5, Today: func() time.Time { return now }})
	call := func(function string) (int, string, string) {
		resp, body := c.graph("/reports/" + function + "(period='D7')")
		return resp.StatusCode, resp.Header.Get("Retry-After"), body
	}
	for i := range 14 {
		if status, _, _ := call("getM365AppUserDetail"); status != 302 {
			t.Fatalf("call %d: %d", i+1, status)
		}
	}
	status, wait, body := call("getM365AppUserDetail")
	if seconds, err := strconv.Atoi(wait); status != 429 || err != nil || seconds < 590 || seconds > 600 {
		t.Errorf("call 15: %d, Retry-After %q", status, wait)
	}
	if !strings.HasPrefix(body, `{"error":{"code":"TooManyRequests","innerError":{"code":"429",`) {
		t.Errorf("body: %s", body)
	}
	if _, wait, _ := call("getM365AppUserDetail"); !regexp.MustCompile(`^\d+\.\d{3}$`).MatchString(wait) {
		t.Errorf("second Retry-After: %q", wait)
	}
	if status, _, _ := call("getOffice365ActiveUserDetail"); status != 302 {
		t.Errorf("another report: %d", status)
	}
	now = now.Add(10*time.Minute + time.Second)
	if status, _, _ := call("getM365AppUserDetail"); status != 302 {
		t.Errorf("after the window: %d", status)
	}

	c = start(t, Options{Users: 5, Throttle: Throttle{Calls: 1, Window: 200 * time.Millisecond}})
	call("getM365AppUserDetail")
	if status, _, _ := call("getM365AppUserDetail"); status != 429 {
		t.Errorf("own limit: %d", status)
	}
	time.Sleep(250 * time.Millisecond)
	if status, _, _ := call("getM365AppUserDetail"); status != 302 {
		t.Errorf("a stopped clock keeps the window closed: %d", status)
	}
	c = start(t, Options{Users: 5, Throttle: Throttle{Calls: -1}})
	for range 30 {
		if status, _, _ := call("getM365AppUserDetail"); status != 302 {
			t.Fatalf("no limit: %d", status)
		}
	}
}

// Version 2 of a report that it does not change is the report; it once ended the connection.
func TestVersion2OfAReportWithoutOne(t *testing.T) {
	c := start(t, Options{Users: 50})
	const trend = "getMicrosoft365CopilotUserCountTrend"
	v1, v2 := c.table(trend+"(period='D7')"), c.table(trend+"(period='D7',version='v2')")
	if len(v2) != 7 || fmt.Sprint(v1) != fmt.Sprint(v2) {
		t.Errorf("version 1: %v, version 2: %v", v1, v2)
	}
}
