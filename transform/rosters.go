package transform

import (
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
)

// SSORoster reads the file of the sign-on system into the table sso_roster.
func SSORoster(r io.Reader, file string, t Tenant, users *UserIndex) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		f, err := openRoster(r, file, []string{"user_principal_name", "active"}, []string{"last_login_at"})
		if err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		rows := newRowBuilder(&schemas.SSORoster, t.Mem)
		defer rows.release()
		lines := map[string]int{}
		for f.next() {
			name := strings.ToLower(f.needed("user_principal_name"))
			f.once(lines, "user_principal_name", name)
			rows.add(t.ID, name, keyOrNull(users, name), f.boolean("active"), f.moment("last_login_at"), t.Day)
		}
		yieldRoster(yield, f, rows)
	}
}

// NoRoster empties the table of a roster that is no longer configured: what is not kept up must not
// go on deciding.
func NoRoster(table *schemas.Table, t Tenant) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		rows := newRowBuilder(table, t.Mem)
		defer rows.release()
		yieldRest(yield, rows)
	}
}

func yieldRoster(yield func(schemas.Batch, error) bool, f *rosterFile, rows *rowBuilder) {
	if err := f.err(); err != nil {
		yield(schemas.Batch{}, err)
		return
	}
	yieldRest(yield, rows)
}

func keyOrNull(users *UserIndex, name string) any {
	if key, ok := users.KeyByName([]byte(name)); ok {
		return key
	}
	return nil
}

// HRISRoster reads the file of the personnel system into the table hris_roster. Personnel systems
// know mail addresses rather than sign-in names; who has which is looked up in the table users, so
// that the index need not hold the address of everybody.
func HRISRoster(r io.Reader, file string, t Tenant, users *UserIndex, table Previous) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		f, err := openRoster(r, file, []string{"active"}, []string{"user_principal_name", "email", "employee_id", "company", "start_date", "end_date"})
		if err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		if !f.has("user_principal_name") && !f.has("email") {
			yield(schemas.Batch{}, fmt.Errorf("%s:1: column email or user_principal_name is missing; add one of them", file))
			return
		}
		people, mails := readHRIS(f)
		if err := f.err(); err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		owners, err := mailOwners(mails, table())
		if err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		rows := newRowBuilder(&schemas.HRISRoster, t.Mem)
		defer rows.release()
		for _, p := range people {
			key := keyOrNull(users, p.name)
			if owner := owners[p.mail]; key == nil && owner.key != 0 && !owner.shared {
				key = owner.key
			}
			if key == nil { // many have the same sign-in name and address
				key = keyOrNull(users, p.mail)
			}
			rows.add(t.ID, textOrNull(p.name), textOrNull(p.mail), key, p.active, p.employeeID, p.company, p.start, p.end, t.Day)
		}
		yieldRest(yield, rows)
	}
}

type hrisPerson struct {
	name, mail                      string
	active                          bool
	employeeID, company, start, end any
}

// readHRIS reads all people, and notes whose address must be looked up.
func readHRIS(f *rosterFile) (people []hrisPerson, mails map[string]mailOwner) {
	names, lines := map[string]int{}, map[string]int{}
	mails = map[string]mailOwner{}
	for f.next() {
		p := hrisPerson{
			name: strings.ToLower(f.text("user_principal_name")), mail: strings.ToLower(f.text("email")),
			active: f.boolean("active"), employeeID: f.optional("employee_id"), company: f.optional("company"),
			start: f.date("start_date"), end: f.date("end_date"),
		}
		if p.name == "" && p.mail == "" {
			f.refuse("email", "", "must not be empty where user_principal_name is; fill one in or remove the line")
		}
		f.once(names, "user_principal_name", p.name)
		f.once(lines, "email", p.mail)
		mails[p.mail] = mailOwner{}
		people = append(people, p)
	}
	return people, mails
}

// A mailOwner is the user who has an address. An address of several living accounts is nobody's:
// one of them is right, but which is a guess.
type mailOwner struct {
	key     int32
	deleted bool
	shared  bool
}

// mailOwners finds the users who have the addresses.
func mailOwners(mails map[string]mailOwner, table iter.Seq2[arrow.RecordBatch, error]) (map[string]mailOwner, error) {
	column := func(rows arrow.RecordBatch, name string) arrow.Array { return rows.Column(schemas.Users.Column(name)) }
	for rows, err := range table {
		if err != nil {
			return nil, err
		}
		addresses, keys, deleted := column(rows, "mail").(*array.String), column(rows, "user_key").(*array.Int32), column(rows, "deleted_at")
		for i := range int(rows.NumRows()) {
			if addresses.IsNull(i) {
				continue
			}
			mail := strings.ToLower(addresses.Value(i))
			known, asked := mails[mail]
			gone := deleted.IsValid(i)
			switch {
			case !asked || gone && known.key != 0 && !known.deleted:
				continue
			case known.key != 0 && known.deleted == gone:
				known.shared = true
				mails[mail] = known
			default:
				mails[mail] = mailOwner{key: keys.Value(i), deleted: gone}
			}
		}
	}
	return mails, nil
}

var currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)

// SKUPrices reads the file of prices into the table sku_prices.
func SKUPrices(r io.Reader, file string, t Tenant) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		f, err := openRoster(r, file, []string{"monthly_price", "currency"}, []string{"sku_part_number", "sku_id", "valid_from"})
		if err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		rows := newRowBuilder(&schemas.SKUPrices, t.Mem)
		defer rows.release()
		lines := map[string]int{}
		currency := ""
		for f.next() {
			id, part, err := f.product(lines, f.text("valid_from"))
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			price, ok := parseNumber([]byte(f.text("monthly_price")))
			if !ok || price < 0 {
				f.refuse("monthly_price", f.text("monthly_price"), "must be a number such as 35.50, without a currency sign")
			}
			code := strings.ToUpper(f.text("currency"))
			switch {
			case !currencyPattern.MatchString(code):
				f.refuse("currency", code, "must be three letters such as EUR")
			case currency != "" && code != currency:
				f.refuse("currency", code, "differs from "+currency+" above; convert the prices to one currency, or sums would be wrong")
			default:
				currency = code
			}
			rows.add(t.ID, textOrNull(id), textOrNull(part), price, code, f.date("valid_from"), t.Day)
		}
		yieldRoster(yield, f, rows)
	}
}
