package roster

import (
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
	"m365lake/transform"
	"m365lake/transform/cells"
	"m365lake/transform/column"
	"m365lake/transform/handkept"
	"m365lake/transform/userindex"
)

// SSORoster reads the file of the sign-on system into the table sso_roster.
func SSO(r io.Reader, file string, t transform.Tenant, users *userindex.Index) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		f, err := handkept.Open(r, file, []string{"user_principal_name", "active"}, []string{"last_login_at"})
		if err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		rows := column.NewRowBuilder(&schemas.SSORoster, t.Mem)
		defer rows.Release()
		lines := map[string]int{}
		for f.Next() {
			name := strings.ToLower(f.Needed("user_principal_name"))
			f.Once(lines, "user_principal_name", name)
			rows.Add(t.ID, name, keyOrNull(users, name), f.Boolean("active"), f.Moment("last_login_at"), t.Day)
		}
		yieldRoster(yield, f, rows)
	}
}

// NoRoster empties the table of a roster that is no longer configured: what is not kept up must not
// go on deciding.
func Empty(table *schemas.Table, t transform.Tenant) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		rows := column.NewRowBuilder(table, t.Mem)
		defer rows.Release()
		column.YieldRest(yield, rows)
	}
}

func yieldRoster(yield func(schemas.Batch, error) bool, f *handkept.File, rows *column.RowBuilder) {
	if err := f.Err(); err != nil {
		yield(schemas.Batch{}, err)
		return
	}
	column.YieldRest(yield, rows)
}

func keyOrNull(users *userindex.Index, name string) any {
	if key, ok := users.KeyByName([]byte(name)); ok {
		return key
	}
	return nil
}

// HRISRoster reads the file of the personnel system into the table hris_roster. Personnel systems
// know mail addresses rather than sign-in names; who has which is looked up in the table users, so
// that the index need not hold the address of everybody.
func HRIS(r io.Reader, file string, t transform.Tenant, users *userindex.Index, table transform.Previous) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		f, err := handkept.Open(r, file, []string{"active"}, []string{"user_principal_name", "email", "employee_id", "company", "start_date", "end_date"})
		if err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		if !f.Has("user_principal_name") && !f.Has("email") {
			yield(schemas.Batch{}, fmt.Errorf("%s:1: column email or user_principal_name is missing; add one of them", file))
			return
		}
		people, mails := readHRIS(f)
		if err := f.Err(); err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		owners, err := mailOwners(mails, table())
		if err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		rows := column.NewRowBuilder(&schemas.HRISRoster, t.Mem)
		defer rows.Release()
		for _, p := range people {
			key := keyOrNull(users, p.name)
			if owner := owners[p.mail]; key == nil && owner.key != 0 && !owner.shared {
				key = owner.key
			}
			if key == nil { // many have the same sign-in name and address
				key = keyOrNull(users, p.mail)
			}
			rows.Add(t.ID, column.TextOrNull(p.name), column.TextOrNull(p.mail), key, p.active, p.employeeID, p.company, p.start, p.end, t.Day)
		}
		column.YieldRest(yield, rows)
	}
}

type hrisPerson struct {
	name, mail                      string
	active                          bool
	employeeID, company, start, end any
}

// readHRIS reads all people, and notes whose address must be looked up.
func readHRIS(f *handkept.File) (people []hrisPerson, mails map[string]mailOwner) {
	names, lines := map[string]int{}, map[string]int{}
	mails = map[string]mailOwner{}
	for f.Next() {
		p := hrisPerson{
			name: strings.ToLower(f.Text("user_principal_name")), mail: strings.ToLower(f.Text("email")),
			active: f.Boolean("active"), employeeID: f.Optional("employee_id"), company: f.Optional("company"),
			start: f.Date("start_date"), end: f.Date("end_date"),
		}
		if p.name == "" && p.mail == "" {
			f.Refuse("email", "", "must not be empty where user_principal_name is; fill one in or remove the line")
		}
		f.Once(names, "user_principal_name", p.name)
		f.Once(lines, "email", p.mail)
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
func Prices(r io.Reader, file string, t transform.Tenant) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		f, err := handkept.Open(r, file, []string{"monthly_price", "currency"}, []string{"sku_part_number", "sku_id", "valid_from"})
		if err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		rows := column.NewRowBuilder(&schemas.SKUPrices, t.Mem)
		defer rows.Release()
		lines := map[string]int{}
		currency := ""
		for f.Next() {
			id, part, err := f.Product(lines, f.Text("valid_from"))
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			price, ok := cells.ParseNumber([]byte(f.Text("monthly_price")))
			if !ok || price < 0 {
				f.Refuse("monthly_price", f.Text("monthly_price"), "must be a number such as 35.50, without a currency sign")
			}
			code := strings.ToUpper(f.Text("currency"))
			switch {
			case !currencyPattern.MatchString(code):
				f.Refuse("currency", code, "must be three letters such as EUR")
			case currency != "" && code != currency:
				f.Refuse("currency", code, "differs from "+currency+" above; convert the prices to one currency, or sums would be wrong")
			default:
				currency = code
			}
			rows.Add(t.ID, column.TextOrNull(id), column.TextOrNull(part), price, code, f.Date("valid_from"), t.Day)
		}
		yieldRoster(yield, f, rows)
	}
}
