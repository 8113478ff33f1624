package truth

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"m365lake/sandbox/calendar"
	"m365lake/sandbox/company"
	"m365lake/sandbox/dice"
	"m365lake/sandbox/products"
	"m365lake/sandbox/wire"
)

// truthFile writes one CSV file with LF line ends.
type truthFile struct {
	f    *os.File
	w    *bufio.Writer
	row  wire.Row
	line []byte
}

func createTruth(dir, name, header string) (*truthFile, error) {
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return nil, fmt.Errorf("sandbox: truth: %w", err)
	}
	t := &truthFile{f: f, w: bufio.NewWriterSize(f, 1<<16)}
	t.w.WriteString(header + "\n")
	return t, nil
}

// createTruths opens several files, by name and header. done closes those that were opened, and says in err when that
// fails.
func createTruths(dir string, list [][2]string) (files []*truthFile, done func(err *error), err error) {
	done = func(err *error) {
		for _, f := range files {
			*err = errors.Join(*err, f.close())
		}
	}
	for _, name := range list {
		f, err := createTruth(dir, name[0], name[1])
		if err != nil {
			return files, done, err
		}
		files = append(files, f)
	}
	return files, done, nil
}

// next writes the row and begins a new one. A failed write shows up in close.
func (t *truthFile) next() {
	t.line = t.row.AppendTo(t.line[:0])
	t.w.Write(t.line[:len(t.line)-len("\r\n")])
	t.w.WriteByte('\n')
	t.row.Reset()
}

func (t *truthFile) close() error {
	err := t.w.Flush()
	if e := t.f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("sandbox: truth: %w", err)
	}
	return nil
}

// Write writes what a company knows about itself on a day, as CSV files (UTF-8, LF, with a header) into dir, for tests
// that compute the figures again in another way:
//
//	users.csv          everybody in the directory
//	licenses.csv       every assignment, failed ones too
//	licensed_apps.csv  the apps each person holds an enabled service plan for
//	activity.csv       each day of the last 400 known days on which a person
//	                   used an app, with the number of actions: the sum of
//	                     exchange         Send, Read, Meeting Created and Meeting Interacted Count
//	                     yammer           Posted, Read and Liked Count
//	                     onedrive         Viewed Or Edited, Synced, Shared Internally and Shared
//	                                      Externally File Count
//	                     sharepoint       the same and Visited Page Count
//	                     microsoft_teams  Team Chat Message, Private Chat Message, Call and Meeting Count
//	                   and empty for the others. copilot has the days of former holders too.
//	platforms.csv      the same days of the six Microsoft 365 apps by platform:
//	                   windows, mac, mobile, web, one or several a day
//	copilot.csv        the days of copilot by app, with the prompts submitted; work
//	                   and web are the two halves of copilot_chat, and
//	                   microsoft_365_copilot, edge and copilot_agent ways into them
//	skus.csv           seats bought and held
func Write(c *company.Company, on calendar.Day, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("sandbox: truth: %w", err)
	}
	for _, write := range []func(*company.Company, calendar.Day, string) error{
		writeSKUs, writePeople, writeActivity,
	} {
		if err := write(c, on, dir); err != nil {
			return err
		}
	}
	return nil
}

func writeSKUs(c *company.Company, on calendar.Day, dir string) error {
	f, err := createTruth(dir, "skus.csv", "sku_id,sku_part_number,enabled,warning,suspended,consumed")
	if err != nil {
		return err
	}
	consumed := c.CountSeats(on)
	bought := c.Subscriptions(consumed, on)
	for i := range products.SKUs {
		u := company.PrepaidUnits(bought, i)
		f.row.Plain(products.SKUs[i].ID)
		f.row.Plain(products.SKUs[i].PartNumber)
		f.row.Int(u.Enabled)
		f.row.Int(u.Warning)
		f.row.Int(u.Suspended)
		f.row.Int(consumed[i])
		f.next()
	}
	return f.close()
}

func writePeople(c *company.Company, on calendar.Day, dir string) (err error) {
	files, done, err := createTruths(dir, [][2]string{
		{"users.csv", "user_id,user_principal_name,display_name,department,job_title,account_enabled,user_type," +
			"created_date"},
		{"licenses.csv", "user_id,sku_id,sku_part_number,assigned_by_group,state"},
		{"licensed_apps.csv", "user_id,app"},
	})
	defer done(&err)
	if err != nil {
		return err
	}
	users, held, usable := files[0], files[1], files[2]
	for n := range c.Users {
		p := c.Person(n, on)
		id := string(c.AppendID(nil, &p))
		users.row.Plain(id)
		users.row.Text(c.AppendUPN(nil, &p, on))
		users.row.Text([]byte(p.DisplayName(on)))
		if p.Kind == company.Member {
			users.row.Text([]byte(p.Department.Name))
		} else {
			users.row.Plain("")
		}
		users.row.Text([]byte(c.Title(&p)))
		users.row.Plain(string(wire.AppendBool(nil, p.Enabled(on))))
		if p.Kind == company.Guest {
			users.row.Plain("Guest")
		} else {
			users.row.Plain("Member")
		}
		users.row.Date(p.Created())
		users.next()

		l := p.Licenses(on)
		for i := range l.All() {
			a := &l.List[i]
			held.row.Plain(id)
			held.row.Plain(products.SKUs[a.SKU].ID)
			held.row.Plain(products.SKUs[a.SKU].PartNumber)
			if a.Group == company.Direct {
				held.row.Plain("")
			} else {
				held.row.Plain(c.GroupID(int(a.Group)))
			}
			state, _ := a.State()
			held.row.Plain(state)
			held.next()
		}
		for x := range products.AppCount {
			if l.Apps.Has(x) {
				usable.row.Plain(id)
				usable.row.Plain(products.AppNames[x])
				usable.next()
			}
		}
	}
	return nil
}

func writeActivity(c *company.Company, on calendar.Day, dir string) (err error) {
	files, done, err := createTruths(dir, [][2]string{
		{"activity.csv", "user_id,app,day,actions"},
		{"copilot.csv", "user_id,app,day,prompts"},
		{"platforms.csv", "user_id,app,platform,day"},
	})
	defer done(&err)
	if err != nil {
		return err
	}
	f, ai, where := files[0], files[1], files[2]
	var a company.Activity
	for n := range c.Users {
		p := c.Person(n, on)
		l := p.Licenses(on)
		a.Watch(&p, l.Apps, on-company.Lag)
		id := string(c.AppendID(nil, &p))
		seed := dice.Roll(p.Hash, dice.TagTeamsDay)
		for x := range products.AppCount {
			a.EachDay(a.Days(x), func(on calendar.Day) {
				f.row.Plain(id)
				f.row.Plain(products.AppNames[x])
				f.row.Date(on)
				switch x {
				case products.Teams:
					var d company.TeamsDay
					p.AddTeamsDay(&d, seed, on)
					f.row.Int(d.Actions())
				case products.Exchange, products.Yammer, products.OneDrive, products.SharePoint:
					var n company.Counts
					n.AddDay(x, p.CountsSeed(x), on)
					f.row.Int(n.Actions(x))
				default:
					f.row.Plain("")
				}
				f.next()
			})
		}
		asked := a.CopilotDays()
		for x := range asked {
			a.EachDay(&asked[x], func(on calendar.Day) {
				ai.row.Plain(id)
				ai.row.Plain(company.CopilotNames[x])
				ai.row.Date(on)
				ai.row.Int(p.Prompts(x, on))
				ai.next()
			})
		}
		for _, x := range company.Clients {
			days := a.PlatformDays(x, on-company.Lag-company.History+1)
			for i := range days {
				a.EachDay(&days[i], func(on calendar.Day) {
					where.row.Plain(id)
					where.row.Plain(products.AppNames[x])
					where.row.Plain(company.PlatformNames[i])
					where.row.Date(on)
					where.next()
				})
			}
		}
	}
	return nil
}
