// Package roster reads what an organization knows and Graph does not: its sign-on system, its personnel list
// and its prices.
package roster

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
	"m365lake/schemas/column"
	"m365lake/transform"
	"m365lake/transform/cells"
	"m365lake/transform/handkept"
	"m365lake/transform/userindex"
)

// SSO reads the file of the sign-on system into the table sso_roster.
func SSO(r io.Reader, file string, t transform.Tenant, users *userindex.Index) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		f, err := handkept.Open(r, file, []string{"user_principal_name", "active"}, []string{"last_login_at"})
		if err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		rows := t.NewWriter(&schemas.SSORoster)
		names, keys := rows.Text("user_principal_name"), rows.Key("user_key")
		active, lastLogin := rows.Boolean("active"), rows.Timestamp("last_login_at")
		lines := map[string]int{}
		for f.Next() {
			name := strings.ToLower(f.Needed("user_principal_name"))
			f.Once(lines, "user_principal_name", name)
			names.Append(name)
			if key, known := users.KeyByName([]byte(name)); known {
				keys.Append(key)
			}
			active.Append(f.Boolean("active"))
			lastLogin.AppendTime(f.Moment("last_login_at"))
			rows.EndRow()
		}
		yieldRoster(yield, f, rows)
	}
}

// Empty empties the table of a roster that is no longer configured: what is not kept up must not
// go on deciding.
func Empty(table *schemas.Table, t transform.Tenant) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		t.NewWriter(table).Flush(yield)
	}
}

func yieldRoster(yield func(schemas.Batch, error) bool, f *handkept.File, rows *column.Writer) {
	if err := f.Err(); err != nil {
		yield(schemas.Batch{}, err)
		return
	}
	rows.Flush(yield)
}

// keyOf returns the user who is an employee: by sign-in name, else by mail address, else the one whose
// sign-in name is the mail address, as many have.
func keyOf(p employee, users *userindex.Index, owners map[string]mailOwner) (key int32, known bool) {
	if key, known = users.KeyByName([]byte(p.name)); known {
		return key, true
	}
	if owner := owners[p.mail]; owner.key != 0 && !owner.shared {
		return owner.key, true
	}
	return users.KeyByName([]byte(p.mail))
}

// HRIS reads the file of the personnel system into the table hris_roster. Personnel systems
// know mail addresses rather than sign-in names; who has which is looked up in the table users, so
// that the index need not hold the address of everybody.
func HRIS(
	r io.Reader,
	file string,
	t transform.Tenant,
	users *userindex.Index,
	table transform.Previous,
) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		f, err := handkept.Open(
			r,
			file,
			[]string{"active"},
			[]string{"user_principal_name", "email", "employee_id", "company", "start_date", "end_date"},
		)
		if err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		if !f.Has("user_principal_name") && !f.Has("email") {
			yield(
				schemas.Batch{},
				fmt.Errorf("%s:1: column email or user_principal_name is missing; add one of them", file),
			)
			return
		}
		employees, addresses := readHRIS(f)
		if err := f.Err(); err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		owners, err := mailOwners(addresses, table())
		if err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		rows := t.NewWriter(&schemas.HRISRoster)
		names, mails, keys := rows.Text("user_principal_name"), rows.Text("email"), rows.Key("user_key")
		active, employeeID, company := rows.Boolean("active"), rows.Text("employee_id"), rows.Text("company")
		starts, ends := rows.Date("start_date"), rows.Date("end_date")
		for _, p := range employees {
			names.AppendFilled(p.name)
			mails.AppendFilled(p.mail)
			if key, known := keyOf(p, users, owners); known {
				keys.Append(key)
			}
			active.Append(p.active)
			employeeID.AppendFilled(p.employeeID)
			company.AppendFilled(p.company)
			starts.AppendDay(p.start)
			ends.AppendDay(p.end)
			rows.EndRow()
		}
		rows.Flush(yield)
	}
}

type employee struct {
	name, mail          string
	active              bool
	employeeID, company string
	start, end          time.Time // zero: none
}

// readHRIS reads all employees, and notes whose address must be looked up.
func readHRIS(f *handkept.File) (employees []employee, mails map[string]mailOwner) {
	names, lines := map[string]int{}, map[string]int{}
	mails = map[string]mailOwner{}
	for f.Next() {
		p := employee{
			name: strings.ToLower(f.Text("user_principal_name")), mail: strings.ToLower(f.Text("email")),
			active: f.Boolean("active"), employeeID: f.Text("employee_id"), company: f.Text("company"),
			start: f.Date("start_date"), end: f.Date("end_date"),
		}
		if p.name == "" && p.mail == "" {
			f.Refuse("email", "", "must not be empty where user_principal_name is; fill one in or remove the line")
		}
		f.Once(names, "user_principal_name", p.name)
		f.Once(lines, "email", p.mail)
		mails[p.mail] = mailOwner{}
		employees = append(employees, p)
	}
	return employees, mails
}

// A mailOwner is the user who has an address. An address that several living accounts have is matched with
// none of them, because the program cannot know which one is meant.
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
		addresses, keys, deleted := column(rows, "mail").(*array.String), column(rows, "user_key").(*array.Int32), column(
			rows,
			"deleted_at",
		)
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

// Prices reads the file of prices into the table sku_prices.
func Prices(r io.Reader, file string, t transform.Tenant) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		f, err := handkept.Open(
			r,
			file,
			[]string{"monthly_price", "currency"},
			[]string{"sku_part_number", "sku_id", "valid_from"},
		)
		if err != nil {
			yield(schemas.Batch{}, err)
			return
		}
		rows := t.NewWriter(&schemas.SKUPrices)
		skuIDs, partNumbers, prices := rows.Text("sku_id"), rows.Text("sku_part_number"), rows.Number("monthly_price")
		currencies, validFrom := rows.Text("currency"), rows.Date("valid_from")
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
				f.Refuse(
					"monthly_price",
					f.Text("monthly_price"),
					"must be a number such as 35.50, without a currency sign",
				)
			}
			code := strings.ToUpper(f.Text("currency"))
			switch {
			case !schemas.ValidCurrency(code):
				f.Refuse("currency", code, "must be three letters such as EUR")
			case currency != "" && code != currency:
				f.Refuse(
					"currency",
					code,
					"differs from "+currency+" above; convert the prices to one currency, or sums would be wrong",
				)
			default:
				currency = code
			}
			skuIDs.AppendFilled(id)
			partNumbers.AppendFilled(part)
			prices.Append(price)
			currencies.Append(code)
			validFrom.AppendDay(f.Date("valid_from"))
			rows.EndRow()
		}
		yieldRoster(yield, f, rows)
	}
}
