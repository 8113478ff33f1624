package company

import (
	"m365lake/sandbox/dice"
)

// A Department of the company, its share of the people (weight) and the job titles in it.
type Department struct {
	Name      string
	weight    int
	frontline bool // works on the shop floor: mostly F3 licences, little Office
	titles    []string
}

// departments has names with "&" and with a comma, because both break naive writers of URLs and of CSV. The last one is
// everybody without a department.
var departments = []Department{
	{
		"Sales",
		160,
		false,
		[]string{"Account Executive", "Sales Representative", "Key Account Manager", "Sales Analyst"},
	},
	{
		"Research & Development",
		140,
		false,
		[]string{"Scientist", "Research Engineer", "Laboratory Technician", "Product Designer"},
	},
	{"Operations", 130, true, []string{"Machine Operator", "Shift Supervisor", "Quality Inspector", "Maintenance " +
		"Technician"}},
	{
		"Customer Service",
		110,
		true,
		[]string{"Support Agent", "Service Technician", "Customer Advisor", "Claims Handler"},
	},
	{"Logistics, Warehouse and " +
		"Fleet", 95, true, []string{"Warehouse Clerk", "Driver", "Dispatcher", "Inventory Planner"}},
	{"Engineering", 90, false, []string{"Software Engineer", "Test Engineer", "Systems Architect", "Data Engineer"}},
	{"Finance", 65, false, []string{"Accountant", "Controller", "Payroll Specialist", "Treasury Analyst"}},
	{
		"Marketing & Communications",
		55,
		false,
		[]string{"Campaign Manager", "Copywriter", "Brand Designer", "Event Manager"},
	},
	{
		"Information Technology",
		50,
		false,
		[]string{"Systems Administrator", "Service Desk Analyst", "Network Engineer", "Security Analyst"},
	},
	{
		"People & Culture",
		35,
		false,
		[]string{"HR Business Partner", "Recruiter", "Learning Specialist", "Benefits Administrator"},
	},
	{"Legal, Risk and Compliance", 20, false, []string{"Counsel", "Compliance Officer", "Risk Analyst", "Paralegal"}},
	{
		"Executive Office",
		10,
		false,
		[]string{"Chief of Staff", "Executive Assistant", "Strategy Analyst", "Board Secretary"},
	},
	{"", 40, false, []string{"Consultant", "Trainee", "Contractor", ""}},
}

const (
	departmentWeights = 1000
	executiveOffice   = 11
)

// department is where seat n works. It belongs to the post, not to the person in it, so that a manager can be found
// without knowing who holds which seat.
func (c *Company) department(n int) *Department {
	if n == 0 {
		return &departments[executiveOffice]
	}
	w := dice.Pick(dice.Roll(c.seat(n), dice.TagDepartment), departmentWeights)
	for i := range departments {
		if w -= departments[i].weight; w < 0 {
			return &departments[i]
		}
	}
	return &departments[len(departments)-1]
}
