package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"

	"m365lake/graph"
)

// maxRestarts is how often a listing is begun anew after a fault that may pass.
const maxRestarts = 3

// pull asks Graph for one source and publishes its raw file.
func (r Run) pull(ctx context.Context, s Source) (Entry, error) {
	pace := r.pacer(s)
	for try := 0; ; try++ {
		entry, err := r.askOnce(ctx, s, pace)
		var refused *graph.Error
		switch {
		case err == nil || !errors.As(err, &refused):
			return entry, err
		case errors.Is(err, graph.ErrPageTokenExpired), refused.NotPremium():
			// The second was seen in passing from tenants that are premium.
			// Source: github.com/microsoftgraph/microsoft-graph-docs issue 14118.
			if try < maxRestarts {
				continue
			}
		case refused.Status == http.StatusBadRequest && s.Fallback != "":
			s.Path, s.Fallback = s.Fallback, ""
			continue
		}
		return entry, err
	}
}

// askOnce asks Graph once for a source.
func (r Run) askOnce(ctx context.Context, s Source, pace pacer) (Entry, error) {
	if s.csv() {
		return r.pullReport(ctx, s)
	}
	return r.pullPages(ctx, s, pace)
}

// pullPages writes the pages of a collection one after the other, a newline after each.
func (r Run) pullPages(ctx context.Context, s Source, pace pacer) (Entry, error) {
	file, err := createRaw(filepath.Join(r.Dir, s.File()))
	if err != nil {
		return Entry{}, err
	}
	defer file.discard()
	var rows int64
	var requestID string
	header := http.Header{}
	if s.Eventual {
		header.Set("ConsistencyLevel", "eventual")
	}
	if err := pace.waitForNext(ctx); err != nil {
		return Entry{}, err
	}
	for page, err := range r.Client.Pages(ctx, s.Path, header) {
		if err != nil {
			return Entry{}, err
		}
		if _, err := file.Write(page.Body); err != nil {
			return Entry{}, err
		}
		if _, err := file.Write([]byte{'\n'}); err != nil {
			return Entry{}, err
		}
		rows += int64(page.Values)
		requestID = page.RequestID
		if page.More {
			if err := pace.waitForNext(ctx); err != nil {
				return Entry{}, err
			}
		}
	}
	entry := Entry{Source: s.Name, Path: s.Path, File: s.File(), RequestID: requestID, Rows: rows}
	if s.Count != "" {
		counted, err := r.Client.Number(ctx, s.Count)
		if ctx.Err() != nil {
			return Entry{}, context.Cause(ctx)
		}
		if err == nil { // otherwise nothing is known, and the listing has other witnesses
			entry.Counted = &counted
		}
	}
	return file.publish(entry)
}

// pullReport writes a report as it streams in.
func (r Run) pullReport(ctx context.Context, s Source) (Entry, error) {
	file, err := createRaw(filepath.Join(r.Dir, s.File()))
	if err != nil {
		return Entry{}, err
	}
	defer file.discard()
	download, err := r.Client.Report(ctx, s.Path)
	if err != nil {
		return Entry{}, err
	}
	defer download.Body.Close()
	if _, err := io.Copy(file, download.Body); err != nil {
		var local *localError
		if errors.As(err, &local) {
			return Entry{}, err
		}
		return Entry{}, fmt.Errorf(
			"download of %s broke off after %d bytes (request-id %s): %w",
			s.Name,
			file.bytes,
			download.RequestID,
			err,
		)
	}
	return file.publish(
		Entry{Source: s.Name, Path: s.Path, File: s.File(), RequestID: download.RequestID, Rows: max(file.lines-1, 0)},
	)
}
