package sandbox

import (
	_ "embed"
	"strings"
)

// An app is one of the thirteen things the reports can tell a person used.
type app uint8

const (
	word app = iota
	excel
	powerpoint
	onenote
	teamsApp
	outlookApp
	yammer
	skype
	onedrive
	sharepoint
	teams
	exchange
	copilotApp
	appCount
)

var appNames = [appCount]string{"word", "excel", "powerpoint", "onenote", "teams_app", "outlook_app",
	"yammer", "skype_for_business", "onedrive", "sharepoint", "microsoft_teams", "exchange", "copilot"}

// apps is a set of apps.
type apps uint16

func (a apps) has(x app) bool { return a>>x&1 != 0 }

const (
	officeApps   = 1<<word | 1<<excel | 1<<powerpoint | 1<<onenote | 1<<teamsApp | 1<<outlookApp
	serviceApps  = 1<<yammer | 1<<skype | 1<<onedrive | 1<<sharepoint | 1<<teams | 1<<exchange
	officeOnline = 1<<word | 1<<excel | 1<<powerpoint | 1<<onenote
)

type plan struct {
	id, name string
	service  string // as assignedPlans calls it
	grants   apps
}

// plansOff says which apps were switched off in an assignment.
type plansOff uint8

const (
	yammerOff plansOff = 1 << iota
	teamsOff
	plansOffCount = 4
)

func (o plansOff) apps() apps {
	var a apps
	if o&yammerOff != 0 {
		a |= 1 << yammer
	}
	if o&teamsOff != 0 {
		a |= 1<<teams | 1<<teamsApp
	}
	return a
}

// A sku is a product the tenant owns. The ids are Microsoft's own.
type sku struct {
	id, part string
	product  string // as the reports write it in Assigned Products
	plans    []plan
	grants   [plansOffCount]apps     // what it gives, by what is switched off
	disabled [plansOffCount][]string // ids of the plans switched off
}

// Indexes into skus, dearest suite first.
const (
	e5 = iota
	e3
	f3
	e1
	oldE3
	copilot
	powerBIPro
	visio
	project
	emsE5
	flowFree
	fabricFree
	teamsTrial
	skuCount
)

var skus = [skuCount]sku{
	e5:         {id: "06ebc4ee-1bb5-47dd-8120-11324bc54e06", part: "SPE_E5", product: "MICROSOFT 365 E5"},
	e3:         {id: "05e9a617-0261-4cee-bb44-138d3ef5d965", part: "SPE_E3", product: "MICROSOFT 365 E3"},
	f3:         {id: "66b55226-6b4f-492c-910c-a3b7a3c9d993", part: "SPE_F1", product: "MICROSOFT 365 F3"},
	e1:         {id: "18181a46-0d4e-45cd-891e-60aabd171b4e", part: "STANDARDPACK", product: "OFFICE 365 E1"},
	oldE3:      {id: "6fd2c87f-b296-42f0-b197-1e91e994b900", part: "ENTERPRISEPACK", product: "OFFICE 365 E3"},
	copilot:    {id: "639dec6b-bb19-468b-871c-c5c441c4b0cb", part: "Microsoft_365_Copilot", product: "MICROSOFT 365 COPILOT"},
	powerBIPro: {id: "f8a1db68-be16-40ed-86d5-cb42ce701560", part: "POWER_BI_PRO", product: "POWER BI PRO"},
	visio:      {id: "c5928f49-12ba-48f7-ada3-0d743a3601d5", part: "VISIOCLIENT", product: "VISIO PLAN 2"},
	project:    {id: "53818b1b-4a27-454b-8896-0dba576410e6", part: "PROJECTPROFESSIONAL", product: "PLANNER AND PROJECT PLAN 3"},
	emsE5:      {id: "b05e124f-c7cc-45a0-a6aa-8cf78c946968", part: "EMSPREMIUM", product: "ENTERPRISE MOBILITY + SECURITY E5"},
	flowFree:   {id: "f30db892-07e9-47e9-837c-80727f46fd3d", part: "FLOW_FREE", product: "MICROSOFT POWER AUTOMATE FREE"},
	fabricFree: {id: "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235", part: "POWER_BI_STANDARD", product: "MICROSOFT FABRIC (FREE)"},
	teamsTrial: {id: "710779e8-3d4a-4c88-adb9-386c958d1fdf", part: "TEAMS_EXPLORATORY", product: "MICROSOFT TEAMS EXPLORATORY"},
}

// plans.csv lists the service plans of each SKU: part number, plan id, plan
// name, and the apps the plan gives, joined by "|". Ids and names are those of
// Microsoft's "Product names and service plan identifiers for licensing".
//
//go:embed plans.csv
var plansCSV string

func init() {
	byPart := map[string]*sku{}
	for i := range skus {
		byPart[skus[i].part] = &skus[i]
	}
	_, rows, _ := strings.Cut(plansCSV, "\n")
	for row := range strings.Lines(rows) {
		f := strings.Split(strings.TrimSuffix(row, "\n"), ",")
		s := byPart[f[0]]
		s.plans = append(s.plans, plan{id: f[1], name: f[2], service: serviceOf(f[2]), grants: appsOfPlan(f[3])})
	}
	for i := range skus {
		s := &skus[i]
		for off := range plansOff(plansOffCount) {
			for _, p := range s.plans {
				if p.grants&off.apps() != 0 {
					s.disabled[off] = append(s.disabled[off], p.id)
				} else {
					s.grants[off] |= p.grants
				}
			}
		}
	}
}

func appsOfPlan(names string) apps {
	var a apps
	for n := range strings.SplitSeq(names, "|") {
		switch n {
		case "office_apps", "office_web":
			a |= officeOnline
		case "exchange":
			a |= 1<<exchange | 1<<outlookApp
		case "microsoft_teams":
			a |= 1<<teams | 1<<teamsApp
		default:
			for i, app := range appNames {
				if n == app {
					a |= 1 << i
				}
			}
		}
	}
	return a
}

// serviceOf is the name of the service behind a plan in assignedPlans.
func serviceOf(plan string) string {
	for _, s := range planServices {
		if strings.Contains(strings.ToUpper(plan), s.in) {
			return s.service
		}
	}
	return plan
}

var planServices = []struct{ in, service string }{
	{"TEAMS1", "TeamspaceAPI"}, {"TEAMS", "MicrosoftTeams"}, {"EXCHANGE", "exchange"}, {"SHAREPOINT", "SharePoint"},
	{"YAMMER", "YammerEnterprise"}, {"VIVAENGAGE", "YammerEnterprise"}, {"MCO", "MicrosoftCommunicationsOnline"},
	{"OFFICE", "MicrosoftOffice"}, {"AAD_PREMIUM", "AADPremiumService"}, {"INTUNE", "SCO"}, {"RMS", "RMSOnline"},
	{"FLOW", "ProcessSimple"}, {"POWERAPPS", "PowerAppsService"}, {"BI_AZURE", "PowerBI"}, {"PROJECT", "MicrosoftProject"},
	{"STREAM", "MicrosoftStream"}, {"WIN10", "WindowsDefenderATP"}, {"FORMS", "OfficeForms"}, {"COPILOT", "M365Copilot"},
}
