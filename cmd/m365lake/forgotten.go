package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/google/renameio/v2"

	"m365lake/config"
	"m365lake/extract"
	lakepkg "m365lake/load/lake"
	"m365lake/pipeline"
	"m365lake/pipeline/datafolder"
	"m365lake/schemas"
)

// forgottenList is who was forgotten, as hashes: Microsoft's reports name deleted accounts for half a
// year, and what they say must not come back. It is also the intent that lets a forgetting that was
// interrupted be ended.
type forgottenList struct {
	Salt   string            `json:"salt"` // hexadecimal; of this data folder alone
	People []forgottenPerson `json:"people"`
}

type forgottenPerson struct {
	TenantID    string   `json:"tenant_id"`
	UserKey     int32    `json:"user_key,omitempty"` // 0 is somebody who never had one
	ForgottenOn string   `json:"forgotten_on"`
	Names       []string `json:"names"` // HMAC-SHA-256 of each sign-in name, address and id in lower case
}

// readForgotten reads the list; without one it is empty and has a new salt.
func readForgotten(folder datafolder.Folder) (forgottenList, error) {
	text, err := os.ReadFile(folder.Forgotten())
	if errors.Is(err, fs.ErrNotExist) {
		salt := make([]byte, 32)
		_, err := rand.Read(salt)
		return forgottenList{Salt: hex.EncodeToString(salt)}, err
	}
	var list forgottenList
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil {
		return list, fmt.Errorf("%s: %w; restore it from a backup, or delete it and forget the people again", folder.Forgotten(), err)
	}
	return list, nil
}

func (l forgottenList) write(folder datafolder.Folder) error {
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(folder.Forgotten(), append(text, '\n'), 0o600)
}

func (l forgottenList) hash(value string) string {
	mac := hmac.New(sha256.New, []byte(l.Salt))
	mac.Write([]byte(strings.ToLower(value)))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// find returns the index of the person of a tenant who has a name, or -1.
func (l forgottenList) find(tenantID, name string) int {
	hash := l.hash(name)
	for i, p := range l.People {
		for _, n := range p.Names {
			if p.TenantID == tenantID && n == hash {
				return i
			}
		}
	}
	return -1
}

// is says whether a value is a name of the given people.
func (l forgottenList) is(people ...forgottenPerson) func(value string) bool {
	names := map[string]bool{}
	for _, p := range people {
		for _, n := range p.Names {
			names[n] = true
		}
	}
	return func(value string) bool { return value != "" && len(names) > 0 && names[l.hash(value)] }
}

// mentioned looks at each word of a text.
func mentioned(is func(string) bool) func(text string) bool {
	return func(text string) bool {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("\"'`()[]{}<>,;:=", r) }) {
			if is(strings.TrimRight(word, ".!?")) {
				return true
			}
		}
		return false
	}
}

// keepOut is what a run does with the lake before the build: it removes who was forgotten and, where the
// configuration wants it, what is past its retention.
func (p *program) keepOut(c config.Config, day time.Time, log *slog.Logger) func(context.Context, []pipeline.TenantResult, time.Time) error {
	work := &dataWork{config: c, folder: c.Folder(), day: day, log: log}
	return func(ctx context.Context, tenants []pipeline.TenantResult, started time.Time) error {
		if err := work.forgetAgain(ctx, tenants, started); err != nil {
			return fmt.Errorf("people who were forgotten could not be kept out, so nothing was published: %w", err)
		}
		if !c.Retention.Prune {
			return nil
		}
		pruned, err := work.prune(ctx, day, true)
		if err != nil {
			return fmt.Errorf("what is past its retention could not be removed, so nothing was published: %w", err)
		}
		for _, t := range pruned {
			if len(t.raw.Days)+len(t.tables) > 0 {
				log.Info("pruned", "tenant_id", t.tenantID, "raw_days", len(t.raw.Days), "tables", len(t.tables))
			}
		}
		return nil
	}
}

// forgetAgain removes from what a run has brought those who were forgotten and whom the directory does
// not list. Whoever it lists has a user_key again and is there by right: the directory decides.
func (p *dataWork) forgetAgain(ctx context.Context, tenants []pipeline.TenantResult, started time.Time) error {
	if !datafolder.Exists(p.folder.Forgotten()) {
		return nil
	}
	list, err := readForgotten(p.folder)
	if err != nil {
		return err
	}
	for _, t := range tenants {
		var people []forgottenPerson
		for _, person := range list.People {
			if person.TenantID == t.ID {
				people = append(people, person)
			}
		}
		if t.Err != nil || len(people) == 0 {
			continue
		}
		lake := lakepkg.Lake{Dir: p.folder.Lake()}
		everybody := list.is(people...)
		back, err := names(ctx, lake, t.ID, everybody)
		if err != nil {
			return err
		}
		if len(back) > 0 {
			p.log.Warn("the directory lists people who were forgotten: they are back under new keys; delete the accounts, then forget them again", "tenant", t.Name, "people", len(back))
		}
		theirs := map[string]bool{}
		for _, person := range back {
			for _, name := range person.names {
				theirs[strings.ToLower(name)] = true
			}
		}
		is := func(value string) bool { return everybody(value) && !theirs[strings.ToLower(value)] }
		if _, err := extract.Forget(ctx, p.folder.Raw(t.ID, p.day), extract.Forgotten{Is: is, Mentioned: mentioned(is)}); err != nil {
			return err
		}
		// A little earlier than the run: the clock of a file system may be behind.
		if _, err := lake.Forget(ctx, t.ID, lakepkg.Forgotten{Is: is, Mentioned: mentioned(is), Day: p.day, Since: started.Add(-time.Minute)}); err != nil {
			return err
		}
	}
	return nil
}

// namedPerson is somebody of the table users.
type namedPerson struct {
	key     int32
	id      string
	names   []string // id, sign-in name and address, as far as there are any
	deleted bool
}

// names finds the people in the table users any of whose names is wanted.
func names(ctx context.Context, lake lakepkg.Lake, tenantID string, wanted func(string) bool) (found []namedPerson, err error) {
	for rows, err := range lake.Read(ctx, &schemas.Users, tenantID, "user_key", "user_id", "user_principal_name", "mail", "deleted_at") {
		if err != nil {
			return nil, err
		}
		keys := rows.Column(0).(*array.Int32)
		for i := range int(rows.NumRows()) {
			person := namedPerson{key: keys.Value(i), deleted: rows.Column(4).IsValid(i)}
			match := false
			for c := 1; c <= 3; c++ {
				text := rows.Column(c).(*array.String)
				if text.IsValid(i) {
					person.names = append(person.names, text.Value(i))
					match = match || wanted(text.Value(i))
				}
			}
			if person.id = person.names[0]; match && person.names[1] != lakepkg.ForgottenName(person.key) {
				for n, name := range person.names {
					person.names[n] = strings.Clone(name) // the batch's memory is about to be used again
				}
				person.id = person.names[0]
				found = append(found, person)
			}
		}
	}
	return found, nil
}
