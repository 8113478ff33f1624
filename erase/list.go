package erase

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/google/renameio/v2"

	"m365lake/pipeline/datafolder"
)

// A List is who was forgotten, as hashes. A person is added before anything is removed, so that a later run can
// finish a forgetting that was interrupted.
type List struct {
	Salt   string   `json:"salt"` // hexadecimal; of this data folder alone
	People []Person `json:"people"`
	// Sum is a SHA-256 of the salt and the people, by which a changed byte is seen. Lists of older versions
	// have none.
	Sum string `json:"sum,omitempty"`
}

// A Person is somebody of a List.
type Person struct {
	TenantID    string `json:"tenant_id"`
	UserKey     int32  `json:"user_key,omitempty"` // 0 is somebody who never had one
	ForgottenOn string `json:"forgotten_on"`       // a day, YYYY-MM-DD
	// Names are HMAC-SHA-256 of each sign-in name, address and id in lower case, and of the name of the
	// OneDrive that each sign-in name gives (siteName).
	Names []string `json:"names"`
}

// ReadList reads the list of a data folder. Without a file it is empty and has a new salt.
func ReadList(folder datafolder.Folder) (List, error) {
	text, err := os.ReadFile(folder.Forgotten())
	if errors.Is(err, fs.ErrNotExist) {
		salt := make([]byte, 32)
		_, err := rand.Read(salt)
		return List{Salt: hex.EncodeToString(salt)}, err
	}
	var list List
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err == nil {
		err = list.check()
	}
	if err != nil {
		return list, fmt.Errorf("%s: %w; restore it from a backup, "+
			"or where there is none move it away and run m365lake sync --accept-loss",
			folder.Forgotten(), err)
	}
	return list, nil
}

// check finds a list that cannot be one as it was written.
func (l List) check() error {
	switch {
	case l.Salt == "":
		return errors.New("it has no salt, so it is no list of people who were forgotten")
	case l.Sum != "" && l.Sum != l.sum():
		return errors.New("it was changed after it was written")
	}
	return nil
}

// sum is the Sum of a list as it is.
func (l List) sum() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", l.Salt)
	for _, p := range l.People {
		fmt.Fprintf(h, "%q %d %q %q\n", p.TenantID, p.UserKey, p.ForgottenOn, p.Names)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Write publishes the list in a data folder.
func (l List) Write(folder datafolder.Folder) error {
	l.Sum = l.sum()
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(folder.Forgotten(), append(text, '\n'), 0o600)
}

// Hash is how the list knows a name, whatever its case.
func (l List) Hash(name string) string {
	mac := hmac.New(sha256.New, []byte(l.Salt))
	mac.Write([]byte(strings.ToLower(name)))
	return hex.EncodeToString(mac.Sum(nil)[:hashBytes])
}

// Find returns the index of the person of a tenant who has a name, or -1.
func (l List) Find(tenantID, name string) int {
	hash := l.Hash(name)
	return slices.IndexFunc(l.People, func(p Person) bool {
		return p.TenantID == tenantID && slices.Contains(p.Names, hash)
	})
}

// ofTenant are the people of a tenant.
func (l List) ofTenant(tenantID string) []Person {
	return slices.DeleteFunc(slices.Clone(l.People), func(p Person) bool { return p.TenantID != tenantID })
}

// tenants are the ids of the tenants of which somebody was forgotten, in order.
func (l List) tenants() (ids []string) {
	for _, p := range l.People {
		ids = append(ids, p.TenantID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// addNames gives a person the hashes of names, and of the OneDrives of those that are sign-in names.
func (l List) addNames(p *Person, names []string) {
	add := func(name string) {
		if hash := l.Hash(name); !slices.Contains(p.Names, hash) {
			p.Names = append(p.Names, hash)
		}
	}
	for _, name := range names {
		add(name)
		if strings.Contains(name, "@") {
			add(siteName(name))
		}
	}
}
