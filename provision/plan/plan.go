package plan

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"m365lake/provision"
	"m365lake/provision/facts"
	"m365lake/provision/snapshot"
)

// Input is what a plan is made of.
type Input struct {
	ID       string             // of the plan to be
	Actions  []provision.Action // those of other tenants, and those that are not due, stay out
	Settings provision.Settings
	Prices   map[string]provision.Price // by SKU id or part number, in lower case
	Now      time.Time
	By       string
	Undo     map[int64]provision.Entry // the ledger entries that actions take back, by id
	Tenant   *snapshot.Tenant          // at least what Needs asks for
	Facts    *facts.Facts              // nil where there is no warehouse: then nothing is known of use and of storage
}

// Needs is what Make has to know of the tenant called name or id.
func (in Input) Needs(id, name string) snapshot.Request {
	users, restored, members, groups := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range in.rows(id, name) {
		if r.refusal != nil {
			continue
		}
		key := r.userKey()
		users[key] = true
		if r.action.Kind == provision.RestoreUser {
			restored[key] = true
		}
		if g := strings.ToLower(strings.TrimSpace(r.action.Group)); g != "" {
			groups[g], members[key] = true, true
		}
		if r.entry != nil {
			for group := range r.entry.Before.Groups {
				groups[group], members[key] = true, true
			}
		}
		if r.action.Basis == "duplicate" {
			members[key] = true
		}
	}
	keys := func(set map[string]bool) []string {
		delete(set, "")
		return slices.Sorted(maps.Keys(set))
	}
	return snapshot.Request{Users: keys(users), Restored: keys(restored), Members: keys(members), Groups: keys(groups)}
}

// rows are the actions that the plan is about, with the ledger entries that they take back.
func (in Input) rows(id, name string) []*row {
	var rows []*row
	for _, a := range in.Actions {
		tenant := a.Tenant
		if tenant != "" && !strings.EqualFold(tenant, id) && !strings.EqualFold(tenant, name) || a.NotBefore.After(in.Now) {
			continue
		}
		r := &row{action: a}
		rows = append(rows, r)
		if a.UndoOf == 0 {
			continue
		}
		if entry, known := in.Undo[a.UndoOf]; known {
			r.entry = &entry
		} else {
			r.refuse("unknown_entry", "the ledger has no entry %d to take back", a.UndoOf)
		}
	}
	return rows
}

// Make says of every action what it would change, or why it is refused. It reads nothing but its
// input and changes nothing. The steps stand in the order in which they are to be applied: per user
// what makes room comes before what needs it, and deletions are last.
func Make(in Input) *provision.Plan {
	p := &planner{in: in, rows: in.rows(in.Tenant.ID, in.Tenant.Name), people: map[string]*person{},
		ambiguous: map[string]int{}, seats: map[string]*provision.Seats{}, prices: map[string]provision.Price{}}
	if in.Facts != nil {
		p.facts = *in.Facts
	}
	p.takePeople()
	p.takeProducts()
	for _, r := range p.rows {
		p.resolve(r)
	}
	p.refuseContradictions()
	slices.SortStableFunc(p.rows, func(a, b *row) int { return cmp.Compare(a.action.Kind.Stage(), b.action.Kind.Stage()) })
	plan := &provision.Plan{
		ID: in.ID, TenantID: in.Tenant.ID, TenantName: in.Tenant.Name, CreatedBy: in.By, Users: in.Tenant.Users,
		CreatedAt: in.Now.UTC().Truncate(time.Microsecond),
		ExpiresAt: in.Now.Add(in.Settings.PlanExpiry).UTC().Truncate(time.Microsecond),
	}
	for i, r := range p.rows {
		step := p.simulate(r)
		step.Number = i + 1
		plan.Steps = append(plan.Steps, step)
	}
	plan.Seats, plan.Money = p.seatList(), p.money(plan.Steps)
	return plan
}

// takePeople takes the accounts from the snapshot. One account under two keys is one person.
func (p *planner) takePeople() {
	byID := map[string]*person{}
	for _, key := range slices.Sorted(maps.Keys(p.in.Tenant.Accounts)) {
		a := p.in.Tenant.Account(key)
		if a == nil {
			p.ambiguous[key] = len(p.in.Tenant.Former[key])
			continue
		}
		one := newPerson(key, a)
		if one.ID != "" {
			if same := byID[one.ID]; same != nil {
				one = same
			}
			byID[one.ID] = one
		}
		if members, known := p.in.Tenant.Members[one.ID]; known {
			one.groups = members
		}
		if no, protected := p.in.Tenant.Protected[one.Key()]; protected {
			one.protected = &no
		}
		p.people[key] = one
	}
	for _, r := range p.rows {
		r.who = r.userKey()
		if one := p.people[r.who]; one != nil && one.ID != "" {
			r.who = one.ID
			p.people[one.ID] = one
		}
	}
}

// takeProducts takes the products from the snapshot, their names and prices from the warehouse. A
// price that people wrote in the control database wins.
func (p *planner) takeProducts() {
	p.products = snapshot.Products{}
	for id, one := range p.in.Tenant.Products {
		copied := *one
		p.products[id] = &copied
		if facts, known := p.facts.Products[id]; known {
			copied.Name = facts.Name
			if facts.Price != nil {
				p.prices[id] = *facts.Price
			}
		}
		for _, key := range []string{one.PartNumber, id} {
			if price, known := p.in.Prices[strings.ToLower(key)]; known {
				p.prices[id] = price
			}
		}
	}
}

// NewID returns the plan's time and four random bytes: short, because people read and type it.
func NewID(now time.Time) string {
	var suffix [4]byte
	_, _ = rand.Read(suffix[:]) // never fails
	return "plan-" + now.UTC().Format("20060102T150405") + "-" + hex.EncodeToString(suffix[:])
}

// A planner makes one plan.
type planner struct {
	in   Input
	rows []*row

	products  snapshot.Products
	people    map[string]*person // by the name in the action and by id, in lower case
	ambiguous map[string]int     // deleted accounts of that name
	facts     facts.Facts
	prices    map[string]provision.Price // by SKU id
	seats     map[string]*provision.Seats

	withoutPrice int // seats that move and have no price
}

// A row is an action on its way to a step.
type row struct {
	action     provision.Action
	person     *person
	who        string // key of the person
	product    *snapshot.Product
	newProduct *snapshot.Product
	plans      []string // ids of disabled plans; nil is not said
	group      *snapshot.Group
	entry      *provision.Entry // that it takes back
	refusal    *provision.Refusal
	evidence   *provision.Evidence
}

func (r *row) refuse(code, format string, args ...any) {
	if r.refusal == nil {
		r.refusal = provision.NewRefusal(code, format, args...)
	}
}

// userKey is what the action calls its user.
func (r *row) userKey() string {
	if r.entry != nil {
		return strings.ToLower(r.entry.User.Key())
	}
	return strings.ToLower(strings.TrimSpace(r.action.User))
}

// taken is the product that the action takes from its user; nil when it takes none.
func (r *row) taken() *snapshot.Product {
	if r.action.Kind == provision.RemoveLicense || r.action.Kind == provision.SwapLicense {
		return r.product
	}
	return nil
}
