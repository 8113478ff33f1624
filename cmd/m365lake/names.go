package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"m365lake/internal/disk"
	"m365lake/internal/text"
	"m365lake/pipeline/datafolder"
	"m365lake/transform"
)

// publishedNames is where Microsoft publishes what its products are called. Source:
// learn.microsoft.com/entra/identity/users/licensing-service-plan-reference.
const publishedNames = "https://download.microsoft.com/download/e/3/e/e3e9faf2-f28b-490a-9ada-c6089a1fc5b0/Product%20names%20and%20service%20plan%20identifiers%20for%20licensing.csv"

// publishedNamesLimit is far more than the list has ever been.
const publishedNamesLimit = 64 << 20

func (p *program) namesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "names",
		Short: "What Microsoft's products are called",
	}
	cmd.AddCommand(p.namesRefreshCommand())
	return cmd
}

func (p *program) namesRefreshCommand() *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use:   "refresh",
		Short: "Fetch Microsoft's list of product names, for products newer than this program",
		Long: `Fetch Microsoft's list of product names and keep it in the data folder, from where the next sync
takes it. The program brings a list of its own; this is for products that are newer. Where the
list cannot be fetched, download it elsewhere and name the file with --from.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			data, err := p.dataFolder()
			if err != nil {
				return err
			}
			return p.refreshNames(cmd.Context(), data, from)
		},
	}
	cmd.Flags().StringVar(&from, "from", publishedNames, "`file or URL` of the list")
	return cmd
}

// refreshNames replaces the list in the data folder if what came is a list.
func (p *program) refreshNames(ctx context.Context, data datafolder.Folder, from string) error {
	before := transform.EmbeddedProducts()
	if err := addPublishedNames(before, data.ProductNames()); err != nil {
		fmt.Fprintf(p.err, "m365lake: the list that was there is not used: %v\n", err)
		before = transform.EmbeddedProducts()
	}
	text, err := fetchNames(ctx, from)
	if err != nil {
		return nothingError(err)
	}
	now := transform.EmbeddedProducts()
	damaged, err := now.Refresh(bytes.NewReader(text), from)
	if err != nil {
		return nothingError(fmt.Errorf("%w; the names stay as they were", err))
	}
	if err := data.Make(); err != nil {
		return nothingError(err)
	}
	if err := renameio.WriteFile(data.ProductNames(), text, 0o600); err != nil {
		return nothingError(disk.WithRemedy(err))
	}
	for _, line := range now.Changes(before) {
		fmt.Fprintln(p.out, line)
	}
	if damaged > 0 {
		fmt.Fprintf(p.out, "%d rows with damaged ids were left out\n", damaged)
	}
	fmt.Fprintf(p.out, "%s: %d products are known from the next sync on\n", data.ProductNames(), now.Len())
	return nil
}

// fetchNames reads a file or a URL.
func fetchNames(ctx context.Context, from string) ([]byte, error) {
	if !strings.HasPrefix(from, "https://") && !strings.HasPrefix(from, "http://") {
		return os.ReadFile(from)
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
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
	text, err := io.ReadAll(io.LimitReader(response.Body, publishedNamesLimit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	if len(text) > publishedNamesLimit {
		return nil, fmt.Errorf("%s: more than %d MB, which cannot be the list", from, publishedNamesLimit>>20)
	}
	return text, nil
}

// readProducts is what is known of Microsoft's products: the program's own facts, then the list of
// the last refresh, then what the user says.
func readProducts(data datafolder.Folder, override string) (*transform.Products, error) {
	products := transform.EmbeddedProducts()
	if err := addPublishedNames(products, data.ProductNames()); err != nil {
		return nil, fmt.Errorf("%w; run m365lake names refresh, or remove the file", err)
	}
	if override == "" {
		return products, nil
	}
	file, err := os.Open(override)
	if err != nil {
		return nil, fmt.Errorf("product_names: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read
	if err := products.Override(file, override); err != nil {
		return nil, explainUnknownColumn(err)
	}
	return products, nil
}

// addPublishedNames adds the list of the last refresh, if there was one.
func addPublishedNames(products *transform.Products, path string) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	_, err = products.Refresh(file, path)
	return err
}

// explainUnknownColumn adds the column that was probably meant.
func explainUnknownColumn(err error) error {
	var unknown *transform.UnknownColumnError
	if errors.As(err, &unknown) {
		return fmt.Errorf("%w%s", err, text.Suggest(unknown.Column, unknown.Known))
	}
	return err
}
