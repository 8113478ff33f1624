package erase

import (
	"errors"
	"os"
	"strings"
	"testing"

	"m365lake/load/lake/laketest"
	"m365lake/schemas"
)

// withForgotten is a folder in which Anna was forgotten and Ben was not.
func withForgotten(t *testing.T) testData {
	d := newTestData(t)
	d.writeLake(&schemas.Users, nil,
		map[string]any{"user_key": int32(1), "user_id": "id-anna", "user_principal_name": annaName},
		map[string]any{"user_key": int32(2), "user_id": "id-ben", "user_principal_name": benName})
	if _, err := d.Forget(t.Context(), annaName, []string{laketest.TenantA}); err != nil {
		t.Fatal(err)
	}
	if err := d.RefuseLostList(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d testData) writeFile(path, content string) {
	d.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		d.Fatal(err)
	}
}

func (d testData) removeFile(path string) {
	d.Helper()
	if err := os.Remove(path); err != nil {
		d.Fatal(err)
	}
}

// A list that is gone, empty or changed is missed: by the mark, and by the empty rows of users.
func TestLostListIsMissed(t *testing.T) {
	for name, c := range map[string]struct {
		lose func(d testData)
		lost bool // rather than an error of the list itself
	}{
		"gone": {func(d testData) { d.removeFile(d.Folder.Forgotten()) }, true},
		"gone, and the mark too": {func(d testData) {
			d.removeFile(d.Folder.Forgotten())
			d.removeFile(d.Folder.ErasedMark(laketest.TenantA))
		}, true},
		"gone, and no row is empty": {func(d testData) {
			d.removeFile(d.Folder.Forgotten())
			d.writeLake(&schemas.Users, nil,
				map[string]any{"user_key": int32(2), "user_id": "id-ben", "user_principal_name": benName})
		}, true},
		"of nobody": {func(d testData) { d.writeFile(d.Folder.Forgotten(), `{"salt": "00"}`) }, true},
		"{}":        {func(d testData) { d.writeFile(d.Folder.Forgotten(), `{}`) }, false},
		"a changed hash": {func(d testData) {
			text, err := os.ReadFile(d.Folder.Forgotten())
			if err != nil {
				d.Fatal(err)
			}
			at := strings.Index(string(text), `"names"`) + 20
			changed := map[bool]string{true: "1", false: "0"}[text[at] == '0']
			d.writeFile(d.Folder.Forgotten(), string(text[:at])+changed+string(text[at+1:]))
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := withForgotten(t)
			c.lose(d)
			err := d.RefuseLostList(t.Context())
			var lost *LostListError
			if errors.As(err, &lost) != c.lost || err == nil {
				t.Fatalf("%v", err)
			}
			for _, text := range []string{d.Folder.Forgotten(), "restore it from a backup", "m365lake sync --accept-loss"} {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%q is without %q", err, text)
				}
			}
			if _, err := d.Forget(t.Context(), benName, []string{laketest.TenantA}); err == nil {
				t.Error("another person begins a new list")
			}
			if !c.lost {
				return
			}
			// Once that is accepted, the new list knows the keys, and nothing is missed.
			if err := d.AcceptLostList(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := d.RefuseLostList(t.Context()); err != nil {
				t.Error(err)
			}
			if _, err := d.KeepOut(t.Context()); err != nil {
				t.Error(err)
			}
			if name != "gone, and no row is empty" {
				list, err := ReadList(d.Folder)
				if err != nil || len(list.People) != 1 || list.People[0].UserKey != 1 {
					t.Errorf("%+v, %v", list, err)
				}
			}
		})
	}
}

// What retention takes from users needs no list.
func TestPrunedPeopleNeedNoList(t *testing.T) {
	d := newTestData(t)
	d.writeLake(&schemas.Users, nil, map[string]any{"user_key": int32(1), "user_id": "id-anna",
		"user_principal_name": annaName, "deleted_at": "2026-11-18"})
	pruned, err := d.Prune(t.Context(), Retention{History: laketest.Date("2026-11-20")}, true)
	if err != nil || len(pruned) != 1 || pruned[0].Empty() {
		t.Fatal(pruned, err)
	}
	if err := d.RefuseLostList(t.Context()); err != nil {
		t.Error(err)
	}
	if err := d.AcceptLostList(t.Context()); err != nil || len(d.named(annaName)) > 0 {
		t.Error(err)
	}
	if _, err := os.Stat(d.Folder.Forgotten()); err == nil {
		t.Error("a list was made")
	}
}
