package company

import (
	"m365lake/sandbox/dice"
	"strings"
)

// A firm gives the tenant its name and its domain. Domains end in .example,
// which nobody can own.
type firm struct{ name, domain string }

var firms = []firm{
	{"Harbourlight Instruments", "harbourlight.example"},
	{"Tannwald Möbelwerke", "tannwald.example"},
	{"Copperfield & Daughters", "copperfield.example"},
	{"Maison Verrière", "verriere.example"},
	{"Bluefell Logistics", "bluefell.example"},
	{"Öresund Medical", "oresund.example"},
	{"Quillpoint Insurance", "quillpoint.example"},
	{"Sierra Alta Foods", "sierraalta.example"},
}

// company is the invented company: who works there, what they hold and what they did on a day.
type Company struct {
	Users    int // people in the directory
	Seed     uint64
	firmName string
	Domain   string
}

// newCompany invents the company of a seed with so many people in its directory.
func New(users int, seed uint64) *Company {
	c := &Company{Users: users, Seed: dice.Mix(seed)}
	f := firms[dice.Pick(dice.Roll(c.Seed, dice.TagCompany), len(firms))]
	c.firmName, c.Domain = f.name, f.domain
	return c
}

// secret is what the tenant signs with.
func (c *Company) Secret() string { return dice.GUID(dice.Roll(c.Seed, dice.TagKey)) }

type department struct {
	Name      string
	weight    int
	frontline bool // works on the shop floor: mostly F3 licences, little Office
	titles    []string
}

// departments has names with "&" and with a comma, because both break naive
// writers of URLs and of CSV. The last one is everybody without a department.
var departments = []department{
	{"Sales", 160, false, []string{"Account Executive", "Sales Representative", "Key Account Manager", "Sales Analyst"}},
	{"Research & Development", 140, false, []string{"Scientist", "Research Engineer", "Laboratory Technician", "Product Designer"}},
	{"Operations", 130, true, []string{"Machine Operator", "Shift Supervisor", "Quality Inspector", "Maintenance Technician"}},
	{"Customer Service", 110, true, []string{"Support Agent", "Service Technician", "Customer Advisor", "Claims Handler"}},
	{"Logistics, Warehouse and Fleet", 95, true, []string{"Warehouse Clerk", "Driver", "Dispatcher", "Inventory Planner"}},
	{"Engineering", 90, false, []string{"Software Engineer", "Test Engineer", "Systems Architect", "Data Engineer"}},
	{"Finance", 65, false, []string{"Accountant", "Controller", "Payroll Specialist", "Treasury Analyst"}},
	{"Marketing & Communications", 55, false, []string{"Campaign Manager", "Copywriter", "Brand Designer", "Event Manager"}},
	{"Information Technology", 50, false, []string{"Systems Administrator", "Service Desk Analyst", "Network Engineer", "Security Analyst"}},
	{"People & Culture", 35, false, []string{"HR Business Partner", "Recruiter", "Learning Specialist", "Benefits Administrator"}},
	{"Legal, Risk and Compliance", 20, false, []string{"Counsel", "Compliance Officer", "Risk Analyst", "Paralegal"}},
	{"Executive Office", 10, false, []string{"Chief of Staff", "Executive Assistant", "Strategy Analyst", "Board Secretary"}},
	{"", 40, false, []string{"Consultant", "Trainee", "Contractor", ""}},
}

const (
	departmentWeights = 1000
	executiveOffice   = 11
)

// department is where seat n works. It belongs to the post, not to the person
// in it, so that a manager can be found without knowing who holds which seat.
func (c *Company) department(n int) *department {
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

type Office struct {
	Name, City, Country, Usage, Language string
	weight                               int
}

var offices = []Office{
	{"ZRH-01 Limmatquai", "Zürich", "Switzerland", "CH", "de-CH", 260},
	{"BER-02", "Berlin", "Germany", "DE", "de-DE", 200},
	{"LYS Part-Dieu", "Lyon", "France", "FR", "fr-FR", 130},
	{"LON 3rd floor", "London", "United Kingdom", "GB", "en-GB", 120},
	{"AUS-A", "Austin", "United States", "US", "en-US", 110},
	{"KRK-05", "Kraków", "Poland", "PL", "pl-PL", 80},
	{"BLR Tower 2", "Bengaluru", "India", "IN", "en-IN", 60},
	{"SAO", "São Paulo", "Brazil", "BR", "pt-BR", 40},
}

func officeOf(h uint64) *Office {
	n := dice.Pick(h, 1000)
	for i := range offices {
		if n -= offices[i].weight; n < 0 {
			return &offices[i]
		}
	}
	return &offices[0]
}

// title gives leaders a leading title: every ninth person leads somebody.
func (c *Company) Title(p *Person) string {
	switch {
	case p.Kind != Member:
		return ""
	case p.Seat == 0:
		return "Chief Executive Officer"
	}
	role := p.Department.titles[dice.Pick(dice.Roll(p.Hash, dice.TagTitle), len(p.Department.titles))]
	if role == "" {
		return ""
	}
	if p.Seat <= c.Users/9 && p.Department.Name != "" {
		if dice.Chance(dice.Roll(p.SeatHash, dice.TagSeniority), 250) {
			return "Head of " + strings.SplitN(p.Department.Name, ",", 2)[0]
		}
		return "Lead " + role
	}
	switch s := dice.Pick(dice.Roll(p.Hash, dice.TagSeniority), 10); {
	case s < 2:
		return "Senior " + role
	case s == 9:
		return "Junior " + role
	}
	return role
}

// manager finds the seat a member reports to. Leaders sit on low numbers, and a
// manager's number is always lower than the report's, so nobody manages
// themself in a circle.
func (c *Company) Manager(p *Person) (seat int, ok bool) {
	if p.Kind != Member || p.Seat == 0 {
		return 0, false
	}
	h := dice.Roll(p.SeatHash, dice.TagManager)
	if dice.Chance(h, 15) {
		return 0, false // the field is never complete in a real directory
	}
	leaders := p.Seat/9 + 1
	for range 24 {
		h = dice.Mix(h)
		n := dice.Pick(h, leaders)
		if n < p.Seat && c.kind(n) == Member && c.department(n) == p.Department {
			return n, true
		}
	}
	return 0, true
}

// ID is the tenant id.
func (c *Company) ID() string { return dice.GUID(dice.Roll(c.Seed, dice.TagTenant)) }

// Name is the organization's display name.
func (c *Company) Name() string { return c.firmName }
