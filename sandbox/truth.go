package sandbox

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// truthFile writes one CSV file with LF line ends.
type truthFile struct {
	f    *os.File
	w    *bufio.Writer
	row  row
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

// createTruths opens several files, by name and header. done closes those that
// were opened, and says in err when that fails.
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
	t.line = t.row.appendTo(t.line[:0])
	t.w.Write(t.line[:len(t.line)-len("\r\n")])
	t.w.WriteByte('\n')
	t.row.reset()
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

// writeTruth writes what a company knows about itself on a day, as CSV
// files (UTF-8, LF, with a header) into dir, for tests that compute the figures
// again in another way:
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
func writeTruth(c *company, on day, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("sandbox: truth: %w", err)
	}
	for _, write := range []func(*company, day, string) error{writeTruthSKUs, writeTruthPeople, writeTruthActivity} {
		if err := write(c, on, dir); err != nil {
			return err
		}
	}
	return nil
}

func writeTruthSKUs(c *company, on day, dir string) error {
	f, err := createTruth(dir, "skus.csv", "sku_id,sku_part_number,enabled,warning,suspended,consumed")
	if err != nil {
		return err
	}
	consumed := c.countSeats(on)
	bought := c.subscriptions(consumed, on)
	for i := range skus {
		u := prepaidUnits(bought, i)
		f.row.plain(skus[i].id)
		f.row.plain(skus[i].part)
		f.row.int(u.enabled)
		f.row.int(u.warning)
		f.row.int(u.suspended)
		f.row.int(consumed[i])
		f.next()
	}
	return f.close()
}

func writeTruthPeople(c *company, on day, dir string) (err error) {
	files, done, err := createTruths(dir, [][2]string{
		{"users.csv", "user_id,user_principal_name,display_name,department,job_title,account_enabled,user_type,created_date"},
		{"licenses.csv", "user_id,sku_id,sku_part_number,assigned_by_group,state"},
		{"licensed_apps.csv", "user_id,app"},
	})
	defer done(&err)
	if err != nil {
		return err
	}
	users, held, usable := files[0], files[1], files[2]
	for n := range c.users {
		p := c.person(n, on)
		id := string(c.appendID(nil, &p))
		users.row.plain(id)
		users.row.text(c.appendUPN(nil, &p, on))
		users.row.text([]byte(p.displayName(on)))
		if p.kind == member {
			users.row.text([]byte(p.dept.name))
		} else {
			users.row.plain("")
		}
		users.row.text([]byte(c.title(&p)))
		users.row.plain(string(appendBool(nil, p.enabled(on))))
		if p.kind == guest {
			users.row.plain("Guest")
		} else {
			users.row.plain("Member")
		}
		users.row.date(p.created())
		users.next()

		l := p.licenses(on)
		for i := range l.all() {
			a := &l.list[i]
			held.row.plain(id)
			held.row.plain(skus[a.sku].id)
			held.row.plain(skus[a.sku].part)
			if a.group == direct {
				held.row.plain("")
			} else {
				held.row.plain(c.groupID(int(a.group)))
			}
			state, _ := a.state()
			held.row.plain(state)
			held.next()
		}
		for x := range appCount {
			if l.apps.has(x) {
				usable.row.plain(id)
				usable.row.plain(appNames[x])
				usable.next()
			}
		}
	}
	return nil
}

func writeTruthActivity(c *company, on day, dir string) (err error) {
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
	var a activity
	for n := range c.users {
		p := c.person(n, on)
		l := p.licenses(on)
		a.watch(&p, l.apps, on-lag)
		id := string(c.appendID(nil, &p))
		seed := roll(p.h, tagTeamsDay)
		for x := range appCount {
			a.each(a.mask(x), func(on day) {
				f.row.plain(id)
				f.row.plain(appNames[x])
				f.row.date(on)
				switch x {
				case teams:
					var d teamsDay
					p.addTeamsDay(&d, seed, on)
					f.row.int(d.actions())
				case exchange, yammer, onedrive, sharepoint:
					var n counts
					n.addCounts(x, p.countsSeed(x), on)
					f.row.int(n.actions(x))
				default:
					f.row.plain("")
				}
				f.next()
			})
		}
		asked := a.copilotDays()
		for x := range asked {
			a.each(&asked[x], func(on day) {
				ai.row.plain(id)
				ai.row.plain(copilotNames[x])
				ai.row.date(on)
				ai.row.int(p.prompts(x, on))
				ai.next()
			})
		}
		for _, x := range clients {
			days := a.platformDays(x, on-lag-history+1)
			for i := range days {
				a.each(&days[i], func(on day) {
					where.row.plain(id)
					where.row.plain(appNames[x])
					where.row.plain(platformNames[i])
					where.row.date(on)
					where.next()
				})
			}
		}
	}
	return nil
}
