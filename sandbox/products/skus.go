package products

import (
	_ "embed"
	"slices"
	"strings"
)

// Plan is a service plan: what a product is made of. Ids and names are Microsoft's own.
type Plan struct {
	ID, Name string
	Service  string // as assignedPlans calls it
	Grants   Apps
}

// A SKU is a product the tenant owns. The ids are Microsoft's own.
type SKU struct {
	ID, PartNumber string
	Product        string // as the reports write it in Assigned Products
	Plans          []Plan
	Grants         [plansOffCount]Apps     // what it gives, by what is switched off
	Disabled       [plansOffCount][]string // ids of the plans switched off
}

// Indexes into SKUs, dearest suite first.
const (
	E5 = iota
	E3
	F3
	E1
	OldE3
	Copilot
	PowerBIPro
	Visio
	Project
	EMSE5
	FlowFree
	FabricFree
	TeamsTrial
	Count
)

// SKUs are the products that every tenant owns for its users. It is not changed after the program has started.
var SKUs = [Count]SKU{
	E5:    {ID: "06ebc4ee-1bb5-47dd-8120-11324bc54e06", PartNumber: "SPE_E5", Product: "MICROSOFT 365 E5"},
	E3:    {ID: "05e9a617-0261-4cee-bb44-138d3ef5d965", PartNumber: "SPE_E3", Product: "MICROSOFT 365 E3"},
	F3:    {ID: "66b55226-6b4f-492c-910c-a3b7a3c9d993", PartNumber: "SPE_F1", Product: "MICROSOFT 365 F3"},
	E1:    {ID: "18181a46-0d4e-45cd-891e-60aabd171b4e", PartNumber: "STANDARDPACK", Product: "OFFICE 365 E1"},
	OldE3: {ID: "6fd2c87f-b296-42f0-b197-1e91e994b900", PartNumber: "ENTERPRISEPACK", Product: "OFFICE 365 E3"},
	Copilot: {
		ID:         "639dec6b-bb19-468b-871c-c5c441c4b0cb",
		PartNumber: "Microsoft_365_Copilot",
		Product:    "MICROSOFT 365 COPILOT",
	},
	PowerBIPro: {ID: "f8a1db68-be16-40ed-86d5-cb42ce701560", PartNumber: "POWER_BI_PRO", Product: "POWER BI PRO"},
	Visio:      {ID: "c5928f49-12ba-48f7-ada3-0d743a3601d5", PartNumber: "VISIOCLIENT", Product: "VISIO PLAN 2"},
	Project: {
		ID:         "53818b1b-4a27-454b-8896-0dba576410e6",
		PartNumber: "PROJECTPROFESSIONAL",
		Product:    "PLANNER AND PROJECT PLAN 3",
	},
	EMSE5: {ID: "b05e124f-c7cc-45a0-a6aa-8cf78c946968", PartNumber: "EMSPREMIUM", Product: "ENTERPRISE " +
		"MOBILITY + SECURITY E5"},
	FlowFree: {ID: "f30db892-07e9-47e9-837c-80727f46fd3d", PartNumber: "FLOW_FREE", Product: "MICROSOFT POWER " +
		"AUTOMATE FREE"},
	FabricFree: {ID: "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235", PartNumber: "POWER_BI_STANDARD", Product: "MICROSOFT " +
		"FABRIC (FREE)"},
	TeamsTrial: {ID: "710779e8-3d4a-4c88-adb9-386c958d1fdf", PartNumber: "TEAMS_EXPLORATORY", Product: "MICROSOFT " +
		"TEAMS EXPLORATORY"},
}

// plans.csv lists the service plans of each SKU: part number, plan id, plan name, and the apps the plan gives, joined
// by "|". Ids and names are those of Microsoft's "Product names and service plan identifiers for licensing".
//
//go:embed plans.csv
var plansCSV string

func init() {
	byPart := map[string]*SKU{}
	for i := range SKUs {
		byPart[SKUs[i].PartNumber] = &SKUs[i]
	}
	_, rows, _ := strings.Cut(plansCSV, "\n")
	for row := range strings.Lines(rows) {
		f := strings.Split(strings.TrimSuffix(row, "\n"), ",")
		s := byPart[f[0]]
		s.Plans = append(s.Plans, Plan{ID: f[1], Name: f[2], Service: serviceOf(f[2]), Grants: appsOfPlan(f[3])})
	}
	for i := range SKUs {
		s := &SKUs[i]
		for off := range PlansOff(plansOffCount) {
			for _, p := range s.Plans {
				if p.Grants&off.Apps() != 0 {
					s.Disabled[off] = append(s.Disabled[off], p.ID)
				} else {
					s.Grants[off] |= p.Grants
				}
			}
		}
	}
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
	{
		"FLOW",
		"ProcessSimple",
	}, {"POWERAPPS", "PowerAppsService"}, {"BI_AZURE", "PowerBI"}, {"PROJECT", "MicrosoftProject"},
	{
		"STREAM",
		"MicrosoftStream",
	}, {"WIN10", "WindowsDefenderATP"}, {"FORMS", "OfficeForms"}, {"COPILOT", "M365Copilot"},
}

// IndexOf is the index in SKUs of the product with an id, -1 for none.
func IndexOf(id string) int {
	return slices.IndexFunc(SKUs[:], func(k SKU) bool { return k.ID == id })
}

// ForCompany is a product that a tenant holds as a whole, and nobody can be assigned. It is not among SKUs.
var ForCompany = SKU{ID: "6470687e-a428-4b7a-bef2-8a291ad947c9", PartNumber: "WINDOWS_STORE",
	Plans: []Plan{{ID: "a420f25f-a7b3-4ff5-a9d0-5d58f73b537d", Name: "WINDOWS_STORE"}}}
