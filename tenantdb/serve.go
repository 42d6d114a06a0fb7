package tenantdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// serve says whether a database that was opened for one definition of its schema may be
// used by another one, as of a second store. The global file serves two: that of the
// application and the catalog's. The one that comes second is brought up to date on the
// open file, once.
func (db *database) serve(ctx context.Context, def *definition) error {
	have := db.address.def
	if have.catalog != def.catalog {
		if db.second.Load() == nil {
			if err := db.join(ctx, def); err != nil {
				return err
			}
		}
		have = db.second.Load()
	}
	switch {
	case have.name != def.name || have.kind != def.kind:
		return def.refuse(have.kind, have.name)
	case have.set.Digest != def.set.Digest:
		return fmt.Errorf("%w: two schemas of the name %q with different migrations are open in this process", ErrSchemaDiverged, def.name)
	}
	return nil
}

// join makes an open global file serve a second definition. Several goroutines may: one
// of them runs the migrations, as of several processes.
func (db *database) join(ctx context.Context, def *definition) error {
	a := db.address
	a.def = def
	have, pending, err := db.lookFor(ctx, a)
	if err != nil {
		return err
	}
	if pending > 0 || have.schema != def.recorded() && !def.catalog {
		if err := db.bringUpToDate(ctx, a, pending); err != nil {
			return err
		}
	}
	db.otherSchema.Store(true) // this process or another may have migrated it since it was read
	db.second.CompareAndSwap(nil, def)
	return nil
}

// lookFor looks at the file for a second definition, on a connection of its own: those of
// the database are other calls'.
func (db *database) lookFor(ctx context.Context, a address) (have identity, pending int, err error) {
	conn, err := db.dir.connect(ctx, db.path, db.dir.options.Wait, sqlite.Config{Policy: a.def.set.Policy(), ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return have, 0, err
	}
	defer func() { err = errors.Join(err, db.dir.disconnect(conn)) }()
	conn.Watch(ctx, db.dir.options.Wait)
	if have, err = readIdentity(conn, a); err != nil {
		return have, 0, err
	}
	if have.incarnation != db.incarnation {
		return have, 0, fmt.Errorf("%w: the file was replaced while it was open", ErrTenantGone)
	}
	pending, err = a.def.set.Pending(conn)
	return have, pending, err
}
