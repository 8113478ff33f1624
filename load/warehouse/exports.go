package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"m365lake/internal/disk"
	"m365lake/internal/quote"
	"m365lake/load/lake"
)

// exportKey marks our files, so that nothing else in the folder is ever removed.
const exportKey = "m365lake.view"

// exports are the views as Parquet files, in a folder where nobody sees them until publish.
type exports struct {
	folder string
	hidden string
	views  []string
}

// export writes every view.
func (b Build) export(ctx context.Context, db *sql.DB) (e exports, err error) {
	if b.Exports == "" {
		return e, nil
	}
	e.folder, e.hidden = b.Exports, filepath.Join(b.Exports, ".next")
	e.discard() // of a killed build
	if err := os.MkdirAll(e.hidden, disk.FolderMode); err != nil {
		return e, disk.Error("make", e.hidden, err)
	}
	if e.views, err = ViewNames(ctx, db); err != nil {
		return e, err
	}
	for _, view := range e.views {
		path := filepath.Join(e.hidden, view+".parquet")
		query, err := ViewQuery(ctx, db, view, b.Privacy)
		if err != nil {
			return e, disk.Error("export", filepath.Join(e.folder, view+".parquet"), err)
		}
		statement := fmt.Sprintf("COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd, KV_METADATA {%s: %s})",
			query, quote.Literal(path), quote.Identifier(exportKey), quote.Literal(view))
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return e, disk.Error("export", filepath.Join(e.folder, view+".parquet"), err)
		}
	}
	return e, nil
}

// publish moves the files into place and removes those of views that are gone.
func (e exports) publish() error {
	if e.folder == "" {
		return nil
	}
	for _, view := range e.views {
		name := view + ".parquet"
		if err := disk.PublishFile(filepath.Join(e.hidden, name), filepath.Join(e.folder, name)); err != nil {
			return disk.Error("publish", filepath.Join(e.folder, name), err)
		}
	}
	entries, err := os.ReadDir(e.folder)
	if err != nil {
		return disk.Error("read", e.folder, err)
	}
	for _, entry := range entries {
		path := filepath.Join(e.folder, entry.Name())
		if view, ours := exportedView(path); ours && !slices.Contains(e.views, view) {
			if err := os.Remove(path); err != nil {
				return disk.Error("remove", path, err)
			}
		}
	}
	if err := errors.Join(os.Remove(e.hidden), disk.SyncFolder(e.folder)); err != nil {
		return disk.Error("publish", e.folder, err)
	}
	return nil
}

// exportedView is the view whose export the file is, if it is one.
func exportedView(path string) (string, bool) {
	if filepath.Ext(path) != ".parquet" {
		return "", false
	}
	footer, err := lake.ReadFooter(path)
	if err != nil { // somebody else's file, whatever it is
		return "", false
	}
	view, ours := footer.Metadata[exportKey]
	return view, ours
}

// discard removes what was not published.
func (e exports) discard() {
	if e.hidden != "" {
		_ = os.RemoveAll(e.hidden) // only rubbish in a hidden folder, removed again by the next build
	}
}
