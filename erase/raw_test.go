package erase

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"m365lake/extract"
	"m365lake/load/lake/laketest"
)

// writeRaw writes a raw file of tenant A.
func (d testData) writeRaw(day time.Time, name, content string) string {
	d.Helper()
	dir := d.Folder.Raw(laketest.TenantA, day)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		d.Fatal(err)
	}
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		d.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, encoder.EncodeAll([]byte(content), nil), 0o600); err != nil {
		d.Fatal(err)
	}
	return path
}

func (d testData) readRaw(path string) string {
	d.Helper()
	file, err := extract.Open(path)
	if err != nil {
		d.Fatal(err)
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		d.Fatal(err)
	}
	return string(content)
}

// A folder of raw files loses the records of the person, the messages about them and what killed runs
// left; a file under the mark is not looked at.
func TestEraseRaw(t *testing.T) {
	d := newTestData(t)
	users := d.writeRaw(d.Day, "users.jsonl.zst", `{"value":[{"id":"id-anna"},{"id":"id-ben"}]}`+"\n")
	report := d.writeRaw(d.Day, "teams_user_activity_detail_D7.csv.zst",
		"User Principal Name,Meetings\nanna@x.example,1\nben@x.example,2\n")
	covered := d.writeRaw(d.Day, "covered.jsonl.zst", `{"id":"id-anna"}`)
	dir := filepath.Dir(users)
	m := extract.Manifest{RunID: "r", Entries: []extract.Entry{
		{Source: "users", File: "users.jsonl.zst", Status: extract.Complete, Rows: 2},
		{Source: "reports", Status: extract.Failed, Error: `row user "anna@x.example" is damaged`},
	}}
	if err := m.Write(dir); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, ".users.jsonl.zst123")
	if err := os.WriteFile(left, []byte("of a killed run"), 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(covered)
	if err != nil {
		t.Fatal(err)
	}
	done := mark{files: map[fingerprint]bool{rawFingerprint(dir, info): true}}
	list := forgotten(0, "anna@x.example", "id-anna")
	for round, want := range []int64{3, 0} {
		erased, err := d.eraseRaw(t.Context(), laketest.TenantA, list.Matcher(list.People...), done)
		if err != nil || erased != (RawErased{1, want}) {
			t.Fatalf("round %d: %+v, %v", round, erased, err)
		}
	}
	if m, err = extract.ReadManifest(dir); err != nil {
		t.Fatal(err)
	}
	if entry, _ := m.Entry("users"); entry.Rows != 1 || entry.Forgotten != 1 || entry.SHA256 == "" {
		t.Errorf("%+v", entry)
	}
	text, _ := json.Marshal(m)
	if _, err := os.Stat(left); err == nil || bytes.Contains(text, []byte("anna")) {
		t.Errorf("left: %v, %s", err, text)
	}
	for path, want := range map[string]string{
		users: `{"value":[{"id":"id-ben"}]}` + "\n", covered: `{"id":"id-anna"}`,
		report: "User Principal Name,Meetings\nben@x.example,2\n",
	} {
		if got := d.readRaw(path); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

// Lines that name a OneDrive of the person by its address alone go as well, even if another user owns it now.
func TestLinesWithoutOneDrives(t *testing.T) {
	list := forgotten(0, "anna.ek@contoso.com")
	in := "Site URL,Owner Principal Name\nhttps://contoso-my.sharepoint.com/personal/anna_ek_contoso_com,\n" +
		"https://contoso-my.sharepoint.com/personal/Anna_Ek_contoso_com/Documents,ben@contoso.com\n" +
		"https://contoso-my.sharepoint.com/personal/ben_contoso_com,ben@contoso.com\n"
	var out bytes.Buffer
	removed, err := linesWithout(bytes.NewReader([]byte(in)), &out, list.Matcher(list.People...).Matches)
	const want = "Site URL,Owner Principal Name\n" +
		"https://contoso-my.sharepoint.com/personal/ben_contoso_com,ben@contoso.com\n"
	if err != nil || removed != 2 || out.String() != want {
		t.Errorf("%d, %v, %s", removed, err, &out)
	}
}
