package main

import (
	"context"
	"os"
	"time"

	"github.com/spf13/cobra"

	"example.com/notes/gen/tenant"
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenantcli"
)

func commandsOfReadme(serve *cobra.Command) {
	// README.md 1
}

func commandsOfDocs(serve *cobra.Command) {
	// docs/commands.md 1
}

func managerOfDocs(ctx context.Context, dir *tenantdb.Dir) (context.Context, *lifecycle.Manager[tenant.Schema], error) {
	// docs/operations.md 1
	return ctx, manager, err
}

type order struct{ ID string }

func createOfDocs(ctx context.Context, manager *lifecycle.Manager[tenant.Schema], id tenantdb.ID, order order, globalDB *global.DB,
	addDefaults func(context.Context, *tenant.DB) error, addOwner func(context.Context, *global.Queries, tenantdb.ID) error,
) error {
	// docs/operations.md 2
	_ = acme
	return err
}

func keysOfDocs(ctx context.Context, cat *catalog.Catalog, id tenantdb.ID, show func(string)) error {
	// docs/operations.md 3
	_ = fresh
	return err
}

func backupOfDocs(ctx context.Context, store *tenant.Store, cat *catalog.Catalog, text []byte, target lifecycle.Target, report func(any, error)) error {
	// docs/operations.md 4
	_ = done
	return err
}

func migrateOfDocs(ctx context.Context, store *tenant.Store, cat *catalog.Catalog) (catalog.Run, error) {
	// docs/operations.md 5
	return run, err
}

func doctorOfDocs(ctx context.Context, manager *lifecycle.Manager[tenant.Schema], report func(any, error)) {
	// docs/operations.md 6
}
