package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/tenantcli"
)

// docs/rollups.md 1

func runOfDocs(ctx context.Context, hourly *hourlyRollup, acme tenantdb.ID, failed func(error)) error {
	var err error
	// docs/rollups.md 2
	return err
}

func statsOfDocs(ctx context.Context, gdb *global.DB) error {
	// docs/rollups.md 3
	_ = stats
	return err
}

func lagOfDocs(ctx context.Context, cat *catalog.Catalog, gauge func(string, time.Duration)) error {
	// docs/rollups.md 4
	return nil
}

func recordOfDocs(ctx context.Context, dir *tenantdb.Dir, cat *catalog.Catalog, failed func(error)) error {
	// docs/rollups.md 5
	return <-ended
}

func topOfDocs(ctx context.Context, cat *catalog.Catalog) error {
	// docs/rollups.md 6
	_, _ = top, all
	return err
}

func rollupCommandsOfDocs(root *cobra.Command) {
	// docs/commands.md 2
}
