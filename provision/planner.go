package provision

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// PlanInput is what a plan is made of, besides the live tenant.
type PlanInput struct {
	Actions     []Action // those of other tenants, and those that are not due, stay out
	Settings    Settings
	Protections []Protection
	Prices      map[string]Price // by SKU id or part number, in lower case
	Warehouse   *sql.DB          // nil where there is none: then nothing is known of use and of storage
	Now         time.Time
	By          string
	Undo        map[int64]Entry // the ledger entries that actions take back, by id
}

// MakePlan reads the live state of all users and products the actions are about and says of every
// action what it would change, or why it is refused. It changes nothing. The steps stand in the
// order in which they are to be applied: per user what makes room comes before what needs it, and
// deletions are last.
func (d *Directory) MakePlan(ctx context.Context, in PlanInput) (*Plan, error) {
	p := &planner{directory: d, in: in, people: map[string]*person{}, groups: map[string][]*group{}, seats: map[string]*Seats{}, prices: map[string]Price{}}
	for _, a := range in.Actions {
		if d.owns(a.Tenant) && !a.NotBefore.After(in.Now) {
			p.rows = append(p.rows, &row{action: a})
		}
	}
	for _, read := range []func(context.Context) error{p.readTenant, p.readPeople, p.readGroups, p.readMemberships, p.readProtections, p.readWarehouse} {
		if err := read(ctx); err != nil {
			return nil, err
		}
	}
	for _, r := range p.rows {
		p.resolve(r)
	}
	p.refuseContradictions()
	slices.SortStableFunc(p.rows, func(a, b *row) int { return cmp.Compare(stage(a.action.Kind), stage(b.action.Kind)) })
	plan := &Plan{
		ID: planID(in.Now), TenantID: d.TenantID, TenantName: d.TenantName, CreatedBy: in.By, Users: p.users,
		CreatedAt: in.Now.UTC().Truncate(time.Microsecond), ExpiresAt: in.Now.Add(in.Settings.PlanExpiry).UTC().Truncate(time.Microsecond),
	}
	for i, r := range p.rows {
		step := p.simulate(r)
		step.Number = i + 1
		plan.Steps = append(plan.Steps, step)
	}
	plan.Seats, plan.Money = p.seatList(), p.money(plan.Steps)
	return plan, nil
}

// owns reports whether an action for the tenant called name is for this one.
func (d *Directory) owns(name string) bool {
	return name == "" || strings.EqualFold(name, d.TenantID) || strings.EqualFold(name, d.TenantName)
}

// planID is the plan's time and four random bytes: people read and type it.
func planID(now time.Time) string {
	var suffix [4]byte
	_, _ = rand.Read(suffix[:]) // never fails
	return "plan-" + now.UTC().Format("20060102T150405") + "-" + hex.EncodeToString(suffix[:])
}

// stage orders the kinds: accounts and countries first, then what frees seats, then what needs them.
func stage(k Kind) int {
	switch k {
	case CreateUser, RestoreUser:
		return 0
	case SetUsageLocation:
		return 1
	case RemoveLicense, RemoveFromGroup:
		return 2
	case SwapLicense, SetDisabledPlans:
		return 3
	case AssignLicense, AddToGroup:
		return 4
	case DeleteUser:
		return 6
	}
	return 5
}

// A planner makes one plan.
type planner struct {
	directory *Directory
	in        PlanInput
	rows      []*row

	products  products
	domains   map[string]bool // verified, in lower case
	users     int64
	people    map[string]*person // by the name in the action and by id, in lower case
	ambiguous map[string]int     // deleted accounts of that name
	groups    map[string][]*group
	findings  findings
	facts     map[string]userFacts
	known     map[string]productFacts
	prices    map[string]Price // by SKU id
	seats     map[string]*Seats

	withoutPrice int // seats that move and have no price
}

// A row is an action on its way to a step.
type row struct {
	action     Action
	person     *person
	who        string // key of the person
	product    *product
	newProduct *product
	plans      []string // ids of disabled plans; nil is not said
	group      *group
	entry      *Entry // that it takes back
	refusal    *Refusal
	evidence   *Evidence
}

func (r *row) refuse(code, format string, args ...any) {
	if r.refusal == nil {
		r.refusal = refusal(code, format, args...)
	}
}

// userKey is what the action calls its user.
func (r *row) userKey() string {
	if r.entry != nil {
		return strings.ToLower(r.entry.User.key())
	}
	return strings.ToLower(strings.TrimSpace(r.action.User))
}

// taken is the product that the action takes from its user; nil when it takes none.
func (r *row) taken() *product {
	if r.action.Kind == RemoveLicense || r.action.Kind == SwapLicense {
		return r.product
	}
	return nil
}
