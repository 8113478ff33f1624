package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"m365lake/config"
	"m365lake/config/signin"
	"m365lake/graph"
	"m365lake/graph/wire"
	"m365lake/load/warehouse"
	"m365lake/pipeline/datafolder"
	"m365lake/provision/apply"
	"m365lake/provision/tenant"
)

// writePace is how patient provisioning is with Graph.
type writePace struct {
	patience apply.Patience // until Graph shows what was done; zero is Microsoft's
	delay    time.Duration  // first wait for a Graph that does not say how long; 0 is the graph package's own
}

// tenantClient signs in to a tenant to plan and to write.
func (p *program) tenantClient(ctx context.Context, t config.Tenant) (*tenant.Client, error) {
	credentials, err := signin.WriterCredentials(t)
	if err != nil {
		return nil, usageError(fmt.Errorf("tenant %s: %w", t.Name, err))
	}
	client, err := graph.New(graph.Options{
		Cloud: t.Cloud, Credentials: credentials, UserAgent: "m365lake/" + version(), BaseDelay: p.writes.delay,
		OnWait: func(w wire.Wait) {
			if w.Delay >= time.Second {
				fmt.Fprintf(p.err, "waiting %v for Graph: %s (%s)\n", w.Delay.Round(time.Second), w.Path, w.Reason)
			}
		},
	})
	if err != nil {
		return nil, usageError(fmt.Errorf("tenant %s: %w", t.Name, err))
	}
	if err := client.Authenticate(ctx); err != nil {
		return nil, nothingError(fmt.Errorf("tenant %s: %w", t.Name, err))
	}
	return &tenant.Client{Graph: client, TenantID: t.TenantID, TenantName: t.Name, Root: t.Cloud.Root}, nil
}

// openWarehouse opens what was published, or returns nil where nothing was yet.
func openWarehouse(data datafolder.Folder) (*sql.DB, error) {
	db, err := warehouse.Open(data.Warehouse())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil //nolint:nilnil // nothing to ask is no fault: the plan says what it then cannot know
	case err != nil:
		return nil, nothingError(err)
	}
	return db, nil
}
