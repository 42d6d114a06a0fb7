package codegen

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/cmd/internal/codegen/config"
	"github.com/silokit/silo/schema"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// database is a block's, as the migrations leave it.
type database struct {
	*sqlcheck.DB
	digest  string // of the migrations
	objects []sqlcheck.Object
}

// open makes the database of a block, which is the caller's to close. There is none
// when the migrations fail.
func (g *generation) open(ctx context.Context, b *block) (*database, error) {
	if len(b.migrations) == 0 {
		return nil, nil // a problem says so already
	}
	db, err := b.migrated(ctx)
	if err != nil {
		g.migrationProblems(b, err)
		return nil, ctx.Err()
	}
	digest, digestErr := sqlcheck.Digest(b.folder())
	objects, objectsErr := db.Objects()
	if err := errors.Join(digestErr, objectsErr); err != nil {
		return nil, errors.Join(fmt.Errorf("codegen: %w", err), db.Close())
	}
	return &database{DB: db, digest: digest, objects: objects}, nil
}

// migrated runs the migrations of a block. Queries on the global database may also read the
// tables of Silo's catalog, as this program knows them.
func (b *block) migrated(ctx context.Context) (*sqlcheck.DB, error) {
	switch b.Kind {
	case config.Catalog:
		return sqlcheck.OpenCatalog(ctx, b.folder())
	case config.Global:
		return sqlcheck.OpenGlobal(ctx, b.folder(), schema.Catalog)
	}
	return sqlcheck.Open(ctx, b.folder())
}

// tables are the names of what can be selected from.
func (d *database) tables() []string {
	var names []string
	for _, object := range d.objects {
		switch object.Kind {
		case sqlcheck.Table, sqlcheck.View, sqlcheck.Virtual:
			names = append(names, object.Name)
		}
	}
	return names
}
