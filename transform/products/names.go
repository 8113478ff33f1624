package products

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"m365lake/internal/ids"
	"m365lake/transform/handkept"
)

const kindUnknown = "unknown"

// kinds are what a product can be.
var kinds = []string{"paid", "free", "trial", "viral", kindUnknown}

// publishedColumns are those of Microsoft's "Product names and service plan identifiers for
// licensing", without the blanks and underscores that differ between editions.
var publishedColumns = []string{
	"productdisplayname",
	"stringid",
	"guid",
	"serviceplanname",
	"serviceplanid",
	"serviceplansincludedfriendlynames",
}

// Refresh adds Microsoft's published names, one row for each product and plan. Its names win over
// those that came with the program; which apps a plan grants and what kind a product is stay our
// judgement where there is one. It returns how many rows it left out because their ids are damaged.
func (p *Products) Refresh(r io.Reader, file string) (damaged int, err error) {
	records, err := publishedRecords(r, file)
	if err != nil {
		return 0, err
	}
	named, planned := map[string]bool{}, map[string]bool{}
	members := map[string]map[string]bool{}
	for _, record := range records {
		name, part, id := handkept.Clean(
			record[0],
		), handkept.Clean(
			record[1],
		), strings.ToLower(
			handkept.Clean(record[2]),
		)
		planID, friendly := strings.ToLower(handkept.Clean(record[4])), handkept.Clean(record[5])
		if name == "" || part == "" || !ids.IsGUID(id) || !ids.IsGUID(planID) {
			damaged++
			continue
		}
		if !named[id] { // some ids come with a second name; the first is the current one
			named[id] = true
			kind := kindByName(part, name)
			if known, ok := p.skus[id]; ok {
				kind = known.kind
			}
			p.skus[id] = product{partNumber: part, name: name, kind: kind}
		}
		if friendly != "" && !planned[planID] {
			planned[planID] = true
			p.plans[planID] = servicePlan{name: friendly, apps: p.plans[planID].apps}
		}
		if members[id] == nil {
			members[id] = map[string]bool{}
			for _, known := range p.plansOf[id] {
				members[id][known] = true
			}
		}
		if !members[id][planID] {
			members[id][planID] = true
			p.plansOf[id] = append(p.plansOf[id], planID)
		}
	}
	if damaged*100 > len(records) || len(named) == 0 {
		return damaged, fmt.Errorf(
			"%s: %d of %d rows have no product or damaged ids; this is not Microsoft's list, or it was cut off",
			file,
			damaged,
			len(records),
		)
	}
	return damaged, nil
}

// publishedRecords reads the file and puts its columns in our order. It comes as UTF-8, or as
// Windows-1252 when somebody opened it in a spreadsheet.
func publishedRecords(r io.Reader, file string) ([][]string, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(text) {
		if text, err = charmap.Windows1252.NewDecoder().Bytes(text); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: this is not Microsoft's list of product names: %w", file, err)
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("%s: the file is empty", file)
	}
	at := make([]int, len(publishedColumns))
	for i, column := range publishedColumns {
		at[i] = slices.IndexFunc(records[0], func(name string) bool { return columnLetters(name) == column })
		if at[i] < 0 {
			return nil, fmt.Errorf(
				"%s: this is not Microsoft's list of product names: no column %s in %q",
				file,
				column,
				records[0],
			)
		}
	}
	for n, record := range records[1:] {
		ordered := make([]string, len(at))
		for i, from := range at {
			ordered[i] = record[from]
		}
		records[n+1] = ordered
	}
	return records[1:], nil
}

func columnLetters(name string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "_", "", "\u00a0", "").Replace(name))
}

var (
	testProduct = regexp.MustCompile(`(^|[^A-Z])TEST([^A-Z]|$)`)
	freeProduct = regexp.MustCompile(`(^|[^A-Z])FREE([^A-Z]|$)`)
)

// kindByName is our judgement of a product that is newer than the program. paid means only that
// nothing speaks against it.
func kindByName(part, name string) string {
	both := strings.ToLower(part + "\n" + name)
	switch {
	case strings.Contains(both, "viral"), strings.Contains(both, "vtrial"):
		return "viral"
	case strings.Contains(both, "trial"):
		return "trial"
	case testProduct.MatchString(strings.ToUpper(part)), strings.Contains(both, "(preview)"):
		return kindUnknown
	case strings.Contains(both, "student use benefit"),
		freeProduct.MatchString(strings.ToUpper(part)),
		strings.Contains(both, "(free)"):
		return "free"
	}
	return "paid"
}

// Override adds what the user knows better: names and kinds by SKU id or part number.
func (p *Products) Override(r io.Reader, file string) error {
	f, err := handkept.Open(r, file, nil, []string{"sku_id", "sku_part_number", "product_name", "kind"})
	if err != nil {
		return err
	}
	if !f.Has("product_name") && !f.Has("kind") {
		return errors.New(file + ":1: column product_name or kind is missing; add one of them")
	}
	lines := map[string]int{}
	for f.Next() {
		id, part, err := f.Product(lines, "")
		if err != nil {
			return err
		}
		said := product{name: f.Text("product_name"), kind: strings.ToLower(f.Text("kind"))}
		if said.kind != "" && !slices.Contains(kinds, said.kind) {
			f.Refuse("kind", said.kind, "must be one of "+strings.Join(kinds, ", "))
		}
		key := id
		if key == "" {
			key = strings.ToLower(part)
		}
		p.overrides[key] = said
	}
	return f.Err()
}

// Changes says, a line for each, which products are new or called otherwise than before.
func (p *Products) Changes(before *Products) []string {
	var lines []string
	for _, id := range slices.Sorted(maps.Keys(p.skus)) {
		now := p.skus[id]
		switch was, known := before.skus[id]; {
		case !known:
			lines = append(lines, fmt.Sprintf("new: %s: %s (%s)", now.partNumber, now.name, now.kind))
		case was.name != now.name:
			lines = append(lines, fmt.Sprintf("renamed: %s: %s, was %s", now.partNumber, now.name, was.name))
		}
	}
	slices.Sort(lines)
	return lines
}

// Len is the number of products known.
func (p *Products) Len() int { return len(p.skus) }
