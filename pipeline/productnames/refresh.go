package productnames

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"m365lake/internal/disk"
	"m365lake/pipeline/datafolder"
	"m365lake/transform/products"
)

// Published is where Microsoft publishes what its products are called.
// Source: https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference
const Published = "https://download.microsoft.com/download/e/3/e/e3e9faf2-f28b-490a-9ada-c6089a1fc5b0/" +
	"Product%20names%20and%20service%20plan%20identifiers%20for%20licensing.csv"

// publishedLimit is far more than the list has ever been, in bytes.
const publishedLimit = 64 << 20

// fetchTimeout bounds the download of the list.
const fetchTimeout = 2 * time.Minute

// A Refreshed list says what a refresh changed.
type Refreshed struct {
	File     string   // where the list is kept
	Changes  []string // a line for each product that is new or is called otherwise
	Damaged  int      // rows with damaged ids, which were left out
	Products int      // known from the next sync on
	Unused   error    // why the list that was there before could not be read; nil if it could
}

// Refresh replaces the list in the data folder by the one at from, a file or an http address. If that cannot
// be fetched or is no list, it returns an error and the list stays as it was.
func Refresh(ctx context.Context, data datafolder.Folder, from string) (Refreshed, error) {
	result := Refreshed{File: data.ProductNames()}
	before := products.Embedded()
	if result.Unused = addPublished(before, result.File); result.Unused != nil {
		before = products.Embedded()
	}
	list, err := fetch(ctx, from)
	if err != nil {
		return result, err
	}
	now := products.Embedded()
	if result.Damaged, err = now.Refresh(bytes.NewReader(list), from); err != nil {
		return result, fmt.Errorf("%w; the names stay as they were", err)
	}
	if err := data.Make(); err != nil {
		return result, err
	}
	if err := renameio.WriteFile(result.File, list, 0o600); err != nil {
		return result, disk.WithRemedy(err)
	}
	result.Changes, result.Products = now.Changes(before), now.Len()
	return result, nil
}

// fetch reads a file or an http address.
func fetch(ctx context.Context, from string) ([]byte, error) {
	if !strings.HasPrefix(from, "https://") && !strings.HasPrefix(from, "http://") {
		return os.ReadFile(from)
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%w; where downloads are blocked, fetch the list elsewhere and give the file with --from", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s; fetch the list in a browser and give the file with --from", from, response.Status)
	}
	list, err := io.ReadAll(io.LimitReader(response.Body, publishedLimit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	if len(list) > publishedLimit {
		return nil, fmt.Errorf("%s: more than %d MB, which cannot be the list", from, publishedLimit>>20)
	}
	return list, nil
}
