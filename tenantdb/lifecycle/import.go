package lifecycle

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/foreign"
)

// sqliteMagic is how an SQLite database begins.
const sqliteMagic = "SQLite format 3\x00"

// Import makes a new tenant of a file that Export has made, here or elsewhere, or of a bare
// database that a backup or Snapshot is. The new tenant's ID need not be the old one's. Of what c
// leaves empty, display name, labels and metadata are those of the export; aliases are only
// those that c gives. Otherwise it is as [Manager.Create].
//
// Nobody vouches for the file: one that is cut off, changed, of another schema, with
// triggers or views that the migrations do not make, with texts in UTF-16, with a log beside it,
// with a manifest that says other than is true (size, SHA-256, version, rows), reached
// through a link or "..", is [tenantdb.ErrUnfit] with a reason, and nothing is changed. The file itself is
// only read. The SHA-256 in a manifest says that the file is whole, not who made it.
func (m *Manager[S]) Import(ctx context.Context, path string, c Creation[S]) (catalog.Tenant, error) {
	abs, e, bare, err := m.lookInto(ctx, path)
	if err != nil {
		return catalog.Tenant{}, explain(OpImport, c.ID, err)
	}
	if c.DisplayName == "" {
		c.DisplayName = e.DisplayName
	}
	if c.Labels == nil {
		c.Labels = e.Labels
	}
	if c.Metadata == nil {
		c.Metadata = e.Metadata
	}
	from := detail{"path": abs}
	if !bare { // a bare database says whose it was when it is adopted
		// The tenant may be unknown here, or another of that name: then its Erase says more than it must.
		from["from"], from["sha256"] = e.Database.Tenant.String(), e.Database.SHA256
	}
	return m.make(ctx, making[S]{
		Creation: c, event: Event{Operation: OpImport}, from: from,
		file: func(ctx context.Context, id tenantdb.ID) error {
			if bare {
				m.step("adopt")
				was, err := m.store.Adopt(ctx, id, tenantdb.Source{Path: path})
				if err == nil {
					from["from"] = was.String()
				}
				return err
			}
			return m.working(id, func(at string) error {
				database := at + copyName
				m.step("unpack")
				e, err := readArchive(ctx, path, database)
				if err != nil {
					return err
				}
				m.step("adopt")
				// Without the sum, so that all of it is checked: whoever made the file made its
				// manifest too.
				if _, err := m.store.Adopt(ctx, id, tenantdb.Source{Path: database}); err != nil {
					return err
				}
				return checkManifest(ctx, e, database)
			})
		},
	})
}

// InspectImport looks at a file as [Manager.Import] would that makes a tenant of that ID of it: the
// error is that with which it would be refused. The result is the manifest of an export, and
// zero for a bare database. Whether the ID and the aliases are free is not looked at. It needs the place of two copies in the
// data folder for as long, and changes nothing.
func InspectImport[S tenantdb.TenantSchema](ctx context.Context, store *tenantdb.Store[S], path string, id tenantdb.ID) (e Exported, err error) {
	if store.Dir() == nil {
		return e, &tenantdb.Error{Op: string(OpImport), Err: tenantdb.ErrNoHandle, Hint: "open a store first"}
	}
	if id.IsZero() {
		return e, explain(OpImport, id, tenantdb.ErrBadID)
	}
	p := newPlace(store.Dir(), Options{})
	ctx, release, err := p.locks.take(ctx, id)
	if err != nil {
		return e, explain(OpImport, id, err)
	}
	defer release()
	_, e, bare, err := p.lookInto(ctx, path)
	switch {
	case err != nil:
	case bare:
		err = store.Inspect(ctx, id, tenantdb.Source{Path: path})
	default:
		err = p.working(id, func(at string) error {
			database := at + copyName
			if _, err := readArchive(ctx, path, database); err != nil {
				return err
			}
			return store.Inspect(ctx, id, tenantdb.Source{Path: database})
		})
	}
	return e, explain(OpImport, id, err)
}

// lookInto reads the manifest of an export, all of which is compared with it, or finds
// that the file is a bare database.
func (p *place) lookInto(ctx context.Context, path string) (abs string, e Exported, bare bool, err error) {
	if abs, err = filepath.Abs(path); err != nil {
		return abs, e, false, err
	}
	if p.ownPath(abs) {
		return abs, e, false, unfit("%s is among the data folder's own files; export the tenant, or clone it", abs)
	}
	if err := p.noSecondName(path); err != nil {
		return abs, e, false, err
	}
	f, err := openImport(path)
	if err != nil {
		return abs, e, false, err
	}
	var magic [len(sqliteMagic)]byte
	_, err = io.ReadFull(f, magic[:])
	if err = errors.Join(err, f.Close()); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = unfit("it has fewer than %d bytes", len(magic))
		}
		return abs, e, false, err
	}
	if string(magic[:]) == sqliteMagic {
		return abs, e, true, nil
	}
	e, err = readArchive(ctx, path, "")
	return abs, e, false, err
}

// checkManifest compares what an export says of its database with that. The schema is one
// that Adopt has found to be what the migrations make, so that it can be read.
func checkManifest(ctx context.Context, e Exported, database string) error {
	found, err := look(ctx, database)
	switch {
	case errors.Is(err, tenantdb.ErrCorrupt):
		return unfit("%w", err)
	case err != nil:
		return err
	}
	if err := found.agrees(e.Database); err != nil {
		return unfit("%w", err)
	}
	if !slices.Equal(found.tables, e.Tables) {
		return unfit("its tables have other rows than its manifest says: %v, not %v", found.tables, e.Tables)
	}
	return nil
}

// noSecondName refuses a file that has a second name in the data folder, and may be open under that:
// see ownPath.
func (p *place) noSecondName(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return nil //nolint:nilerr // who opens it says what is wrong with it
	}
	own, err := durable.NamedIn(info, p.root, "tenants")
	if own {
		err = unfit("%s is a second name of one of the data folder's own files; export the tenant, or clone it", path)
	}
	return err
}

// openImport opens a file that is to be imported: a regular one under that very name.
func openImport(path string) (*os.File, error) {
	f, err := foreign.Open(path, nil)
	var refused *foreign.Refusal
	if errors.As(err, &refused) {
		return nil, unfit("%w", err)
	}
	return f, err
}
