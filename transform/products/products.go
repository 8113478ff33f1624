// Package products knows what Graph does not tell of Microsoft's products: names, what is free, and which
// app a service plan grants.
package products

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/csv"
	"fmt"
	"strings"

	"m365lake/schemas/reports"
)

// Facts about Microsoft's products that Graph does not tell: friendly names, what is free, and
// which app a service plan grants. Ids and names come from Microsoft's "Product names and service
// plan identifiers for licensing"; kind and app are our own judgement.
//
//go:embed *.csv
var productFiles embed.FS

type product struct{ partNumber, name, kind string }

type servicePlan struct {
	name string
	apps reports.AppSet
}

// Products is what is known of Microsoft's products: the facts that came with the program, then
// what a refreshed file of Microsoft's adds, then what the user says.
type Products struct {
	skus      map[string]product     // by SKU id
	plans     map[string]servicePlan // by service plan id
	plansOf   map[string][]string    // service plan ids by SKU id
	overrides map[string]product     // by SKU id or part number in lower case
}

func noProducts() *Products {
	return &Products{map[string]product{}, map[string]servicePlan{}, map[string][]string{}, map[string]product{}}
}

// Embedded reads the facts that are part of the program: a fault in them is a fault of the
// build, found by any test.
func Embedded() *Products {
	p := noProducts()
	for _, row := range productRows("skus.csv", "sku_id", "sku_part_number", "product_name", "kind") {
		p.skus[row[0]] = product{partNumber: row[1], name: row[2], kind: row[3]}
	}
	for _, row := range productRows("service_plans.csv", "service_plan_id", "friendly_name", "app") {
		p.plans[row[0]] = servicePlan{name: row[1], apps: appsOfPlan(row[2])}
	}
	for _, row := range productRows("sku_plans.csv", "sku_id", "service_plan_id") {
		p.plansOf[row[0]] = append(p.plansOf[row[0]], row[1])
	}
	return p
}

// Sku is the name and the kind of a product. A product that is not known has its part
// number as its name.
func (p *Products) Sku(id, partNumber string) (name, kind string) {
	name, kind = partNumber, kindUnknown
	if known, ok := p.skus[id]; ok {
		name, kind = known.name, known.kind
	}
	for _, key := range []string{strings.ToLower(partNumber), id} {
		if said, ok := p.overrides[key]; ok {
			name, kind = cmp.Or(said.name, name), cmp.Or(said.kind, kind)
		}
	}
	return name, kind
}

// ServicePlan is the friendly name of a service plan and the apps it grants; "" and none if the plan is not known.
func (p *Products) ServicePlan(id string) (friendlyName string, apps reports.AppSet) {
	return p.plans[id].name, p.plans[id].apps
}

// PlansOf returns the ids of the service plans of a product, for one that the tenant's own list lacks. The caller
// must not change them.
func (p *Products) PlansOf(skuID string) []string { return p.plansOf[skuID] }

// productRows returns the named columns of an embedded file.
func productRows(file string, columns ...string) [][]string {
	text, err := productFiles.ReadFile(file)
	if err != nil {
		panic(err)
	}
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("%s: %v", file, err))
	}
	at := map[string]int{}
	for i, name := range records[0] {
		at[name] = i
	}
	rows := make([][]string, 0, len(records)-1)
	for _, record := range records[1:] {
		row := make([]string, len(columns))
		for i, c := range columns {
			index, ok := at[c]
			if !ok {
				panic(fmt.Sprintf("%s: no column %s", file, c))
			}
			row[i] = record[index]
		}
		rows = append(rows, row)
	}
	return rows
}

// appsOfPlan translates the facts' app column into the apps of the menu. The desktop and the web
// apps each come as a set of four; Outlook needs a mailbox and the Teams app needs Teams.
func appsOfPlan(column string) reports.AppSet {
	var set reports.AppSet
	for _, name := range strings.Split(column, "|") {
		switch name {
		case "":
		case "office_apps", "office_web":
			set |= reports.AppNamed(
				"word",
			) | reports.AppNamed(
				"excel",
			) | reports.AppNamed(
				"powerpoint",
			) | reports.AppNamed(
				"onenote",
			)
		case "exchange":
			set |= reports.AppNamed("exchange") | reports.AppNamed("outlook_app")
		case "microsoft_teams":
			set |= reports.AppNamed("microsoft_teams") | reports.AppNamed("teams_app")
		default:
			set |= reports.AppNamed(name)
		}
	}
	return set
}
