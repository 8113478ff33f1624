package erase

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"m365lake/load/lake/laketest"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

const (
	annaName = "anna.ek@contoso.com"
	benName  = "ben@contoso.com"
)

// writeNight writes what the run of a day leaves: raw files and lake files that name Anna and Ben. The
// directory no longer lists Anna.
func (d testData) writeNight(day time.Time) {
	d.Helper()
	d.writeRaw(day, "email_activity_user_detail_D7.csv.zst", "User Principal Name,Sent\n"+annaName+",1\n"+benName+",2\n")
	d.writeRaw(day, "deleted_users.jsonl.zst", `{"value":[{"id":"id-anna","userPrincipalName":"`+annaName+`"}]}`+"\n")
	d.writeLake(&reports.EmailActivityUserDetail.Table, []string{laketest.Date("2026-11-18").Format(time.DateOnly), "7"},
		map[string]any{"user_principal_name": annaName},
		map[string]any{"user_principal_name": benName, "user_key": int32(2)})
	d.writeLake(&schemas.Users, nil,
		map[string]any{"user_key": int32(2), "user_id": "id-ben", "user_principal_name": benName})
}

// named are the files in which Anna or Ben is named.
func (d testData) named(name string) (found []string) {
	d.Helper()
	days, err := d.Folder.RawDays(laketest.TenantA)
	if err != nil {
		d.Fatal(err)
	}
	for _, day := range days {
		files, err := os.ReadDir(d.Folder.Raw(laketest.TenantA, day))
		if err != nil {
			d.Fatal(err)
		}
		for _, f := range files {
			path := filepath.Join(d.Folder.Raw(laketest.TenantA, day), f.Name())
			if strings.HasSuffix(f.Name(), ".zst") && strings.Contains(d.readRaw(path), name) {
				found = append(found, day.Format(time.DateOnly)+"/"+f.Name())
			}
		}
	}
	table := &reports.EmailActivityUserDetail.Table
	for rows, err := range d.lake().Read(d.Context(), table, laketest.TenantA, "user_principal_name") {
		if err != nil {
			d.Fatal(err)
		}
		for i := range int(rows.NumRows()) {
			if rows.Column(0).ValueStr(i) == name {
				found = append(found, table.Name)
			}
		}
	}
	return found
}

// keepsOut wants nobody named who was forgotten, and everybody else still.
func (d testData) keepsOut() []Erased {
	d.Helper()
	erased, err := d.KeepOut(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	if found := d.named(annaName); len(found) > 0 {
		d.Errorf("Anna is named by %q", found)
	}
	if found := d.named(benName); len(found) == 0 {
		d.Errorf("Ben is gone")
	}
	return erased
}

func (d testData) writeList() {
	d.Helper()
	if err := forgotten(1, annaName, "id-anna").Write(d.Folder); err != nil {
		d.Fatal(err)
	}
}

// What a night wrote that broke off before its files were looked at is looked at on the next day, however
// it broke off; a file that was looked at is not looked at again, and one put back from a backup is.
func TestKeepOutAfterABrokenNight(t *testing.T) {
	yesterday := laketest.Date("2026-11-22")
	for name, breakNight := range map[string]func(d testData){
		"killed before": func(testData) {},
		"a corrupt list": func(d testData) {
			if err := os.WriteFile(d.Folder.Forgotten(), []byte("{"), 0o600); err != nil {
				d.Fatal(err)
			}
			if _, err := d.KeepOut(d.Context()); err == nil || !strings.Contains(err.Error(), "restore it from a backup") {
				d.Errorf("%v", err)
			}
			d.writeList()
		},
		"a damaged lake file": func(d testData) {
			path := d.lake().TenantFile(&schemas.UserRoles, laketest.TenantA)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				d.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("no Parquet"), 0o600); err != nil {
				d.Fatal(err)
			}
			if _, err := d.KeepOut(d.Context()); err == nil {
				d.Error("no error")
			}
			if err := os.Remove(path); err != nil {
				d.Fatal(err)
			}
		},
		"a mark that cannot be written": func(d testData) {
			if err := os.WriteFile(filepath.Dir(d.Folder.ErasedMark("x")), nil, 0o600); err != nil {
				d.Fatal(err)
			}
			if _, err := d.KeepOut(d.Context()); err == nil {
				d.Error("no error")
			}
			d.writeNight(yesterday) // as if it had been interrupted before
			if err := os.Remove(filepath.Dir(d.Folder.ErasedMark("x"))); err != nil {
				d.Fatal(err)
			}
		},
		"a corrupt mark": func(d testData) {
			path := d.Folder.ErasedMark(laketest.TenantA)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				d.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
				d.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newTestData(t)
			d.writeList()
			d.writeNight(yesterday)
			breakNight(d)
			d.writeRaw(d.Day, "email_activity_user_detail_D7.csv.zst", "User Principal Name,Sent\n"+benName+",2\n")
			d.keepsOut()
			again := d.keepsOut()
			if len(again) != 1 || again[0].Rows() != 0 || again[0].Raw.Days != 0 {
				t.Errorf("what was looked at is looked at again: %+v", again)
			}
			d.writeNight(yesterday) // put back from a backup
			if again := d.keepsOut(); again[0].Rows() != 3 || again[0].Raw.Days != 1 {
				t.Errorf("%+v", again)
			}
		})
	}
}

// A full disk ends the work with an error, and the next day goes on with it.
func TestKeepOutOnAFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=1m,mode=0700"); err != nil {
		t.Logf("this test needs the right to mount a small file system, and there is none: %v", err)
		return
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	d := newTestData(t)
	d.Folder.Root = disk
	d.writeList()
	d.writeNight(laketest.Date("2026-11-22"))
	filler, err := os.Create(filepath.Join(disk, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = filler.Write(make([]byte, 4096))
	}
	_ = filler.Close() // it is full
	if _, err := d.KeepOut(t.Context()); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v", err)
	}
	if err := os.Remove(filler.Name()); err != nil {
		t.Fatal(err)
	}
	d.keepsOut()
}

// Files of a tenant whose run failed, or that the configuration no longer has, are published as well, so
// that people are kept out of them too.
func TestKeepOutOfAllTenants(t *testing.T) {
	d := newTestData(t)
	list := forgotten(1, annaName)
	list.People = append(list.People, Person{TenantID: laketest.TenantB, Names: []string{list.Hash("x")}})
	if err := list.Write(d.Folder); err != nil {
		t.Fatal(err)
	}
	d.writeNight(d.Day)
	if erased := d.keepsOut(); len(erased) != 2 || erased[0].TenantID != laketest.TenantA || erased[1].Rows() != 0 {
		t.Errorf("%+v", erased)
	}
}

// Another person in the list makes all files be looked at again.
func TestKeepOutOfSomebodyElse(t *testing.T) {
	d := newTestData(t)
	d.writeList()
	d.writeNight(d.Day)
	d.keepsOut()
	list, err := ReadList(d.Folder)
	if err != nil {
		t.Fatal(err)
	}
	list.People = append(list.People, Person{TenantID: laketest.TenantA, UserKey: 2})
	list.addNames(&list.People[1], []string{benName})
	if err := list.Write(d.Folder); err != nil {
		t.Fatal(err)
	}
	if _, err := d.KeepOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found := d.named(benName); len(found) > 0 {
		t.Errorf("Ben is named by %q", found)
	}
}

// A person whom the directory lists again stays, and so does another person who has the name today.
func TestKeepOutSparesWhoIsListed(t *testing.T) {
	d := newTestData(t)
	d.writeList()
	d.writeNight(d.Day)
	d.writeLake(&schemas.Users, nil,
		map[string]any{"user_key": int32(9), "user_id": "id-anna", "user_principal_name": annaName})
	erased, err := d.KeepOut(t.Context())
	if err != nil || len(erased) != 1 || erased[0].Returned != 1 || erased[0].Rows() != 0 {
		t.Errorf("%+v, %v", erased, err)
	}
}
