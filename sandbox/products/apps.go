package products

import (
	_ "embed"
	"strings"
)

// An App is one of the thirteen things the reports can tell a person used.
type App uint8

const (
	Word App = iota
	Excel
	PowerPoint
	OneNote
	TeamsApp
	OutlookApp
	Yammer
	Skype
	OneDrive
	SharePoint
	Teams
	Exchange
	CopilotApp
	AppCount
)

// AppNames are the names of the apps, as in plans.csv and in the files of package truth.
var AppNames = [AppCount]string{"word", "excel", "powerpoint", "onenote", "teams_app", "outlook_app",
	"yammer", "skype_for_business", "onedrive", "sharepoint", "microsoft_teams", "exchange", "copilot"}

// Apps is a set of apps.
type Apps uint16

// Has says whether an app is in the set.
func (a Apps) Has(x App) bool { return a>>x&1 != 0 }

const (
	OfficeApps   = 1<<Word | 1<<Excel | 1<<PowerPoint | 1<<OneNote | 1<<TeamsApp | 1<<OutlookApp
	ServiceApps  = 1<<Yammer | 1<<Skype | 1<<OneDrive | 1<<SharePoint | 1<<Teams | 1<<Exchange
	officeOnline = 1<<Word | 1<<Excel | 1<<PowerPoint | 1<<OneNote
)

// PlansOff says which apps were switched off in an assignment.
type PlansOff uint8

const (
	YammerOff PlansOff = 1 << iota
	TeamsOff
	plansOffCount = 4
)

// Apps is the apps that are switched off.
func (o PlansOff) Apps() Apps {
	var a Apps
	if o&YammerOff != 0 {
		a |= 1 << Yammer
	}
	if o&TeamsOff != 0 {
		a |= 1<<Teams | 1<<TeamsApp
	}
	return a
}

func appsOfPlan(names string) Apps {
	var a Apps
	for n := range strings.SplitSeq(names, "|") {
		switch n {
		case "office_apps", "office_web":
			a |= officeOnline
		case "exchange":
			a |= 1<<Exchange | 1<<OutlookApp
		case "microsoft_teams":
			a |= 1<<Teams | 1<<TeamsApp
		default:
			for i, app := range AppNames {
				if n == app {
					a |= 1 << i
				}
			}
		}
	}
	return a
}
