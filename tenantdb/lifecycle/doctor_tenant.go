package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// subject is a tenant that is looked at.
type subject struct {
	id    tenantdb.ID
	is    *catalog.Tenant // nil if the catalog does not know it
	there bool            // it has a file
}

// state compares what the catalog says with what there is. The tenant's lock is held.
func (d *doctor[S]) state(ctx context.Context, s subject) error {
	id, is := s.id, s.is
	if is == nil {
		if !s.there {
			return nil // it has backups
		}
		return d.found(ctx, Finding{Kind: FoundOrphanFile, Tenant: id, Problem: "it has a file, and the catalog does not know it", Next: "register it, or delete it"},
			func(ctx context.Context) error {
				_, err := d.m.known(ctx, id)
				if errors.Is(err, tenantdb.ErrUnknownTenant) { // it is marked
					return d.finishGone(ctx, id)
				}
				return err
			})
	}
	switch is.State {
	case catalog.Creating:
		return d.found(ctx, Finding{Kind: FoundInterrupted, Tenant: id, Problem: "its creation was interrupted", Next: "create it again, or have that undone"},
			func(ctx context.Context) error { return d.m.unmake(ctx, *is) })
	case catalog.Deleting:
		if is.Operation == catalog.Erasing {
			return d.found(ctx, Finding{Kind: FoundInterrupted, Tenant: id, Problem: "its erasure was interrupted", Next: "erase it again"},
				func(ctx context.Context) error { return d.m.erase(ctx, id, &Erased{Tenant: id}) })
		}
		return d.found(ctx, Finding{Kind: FoundInterrupted, Tenant: id, Problem: "its deletion was interrupted", Next: "delete it again"},
			func(ctx context.Context) error {
				_, err := d.m.deleteKnown(ctx, *is, "")
				return err
			})
	case catalog.Deleted:
		return d.deleted(ctx, s)
	case catalog.Active, catalog.Suspended, catalog.Quarantined:
	}
	if is.Operation == catalog.Restoring { // nobody has its lock
		err := d.found(ctx, Finding{Kind: FoundInterrupted, Tenant: id, Problem: "its restore was interrupted, and it is closed for that", Next: "restore it again, or have it opened as it is"},
			func(ctx context.Context) error { return d.m.reopen(ctx, *is) })
		if err != nil {
			return err
		}
	}
	if s.there {
		return nil
	}
	next := "restore it from a backup, or delete it"
	if files, err := d.m.retired(ctx, id); err == nil && len(files) > 0 {
		next = "it has retired files: delete it and undelete it"
	}
	return d.found(ctx, Finding{Kind: FoundMissingFile, Tenant: id, Problem: "the catalog says that it is " + string(is.State) + ", and it has no file", Next: next}, nil)
}

// deleted looks at a deleted tenant.
func (d *doctor[S]) deleted(ctx context.Context, s subject) error {
	id := s.id
	if s.there {
		// An Undelete that died, or a file that was put there. Retired again, it is as the
		// catalog says, and nothing is lost.
		return d.found(ctx, Finding{Kind: FoundDeletedFile, Tenant: id, Problem: "it is deleted, and has a file", Next: "undelete it to have it back"},
			func(ctx context.Context) error {
				_, err := d.m.store.Retire(ctx, id)
				return err
			})
	}
	files, err := d.m.retired(ctx, id)
	if err != nil || len(files) > 0 {
		return err
	}
	return d.found(ctx, Finding{Kind: FoundMissingFile, Tenant: id, Problem: "it is deleted, and its file is not there to be brought back", Next: "purge it"},
		func(ctx context.Context) error { return d.m.purgeKnown(ctx, *s.is) })
}

// kept looks for what a Restore has kept and not backed up.
func (d *doctor[S]) kept(ctx context.Context, id tenantdb.ID) error {
	files, err := d.m.retired(ctx, id)
	if err != nil || len(files) == 0 {
		return err
	}
	return d.found(ctx, Finding{Kind: FoundInterrupted, Tenant: id, Problem: "a restore has kept what was there before, and was interrupted before that was backed up", Next: "back it up"},
		func(ctx context.Context) error {
			if err := d.m.backUpKept(ctx, id); err != nil {
				return err
			}
			if files, err = d.m.retired(ctx, id); err != nil || len(files) == 0 {
				return err
			}
			return errors.New("there are files of an earlier tenant of that ID still: purge them with Store.Purge")
		})
}

func (d *doctor[S]) leftWork(ctx context.Context, id tenantdb.ID) error {
	for _, path := range d.m.leftWork(id) {
		err := d.found(ctx, Finding{Kind: FoundLeftover, Tenant: id, Path: path, Problem: "an operation that died has left copies of the tenant's data", Next: "remove them"},
			func(context.Context) error { return os.RemoveAll(path) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *doctor[S]) halfBackups(ctx context.Context, id tenantdb.ID) error {
	if d.foreign {
		return nil
	}
	have, err := d.m.objects(ctx, id)
	if err != nil {
		return err
	}
	for _, sequence := range only(have.databases, have.manifests) {
		name := databaseName(id, sequence)
		err := d.found(ctx, Finding{Kind: FoundHalfBackup, Tenant: id, Path: name, Problem: "a backup that was not finished", Next: "remove it"},
			func(ctx context.Context) error { return d.m.options.Backups.Remove(ctx, name) })
		if err != nil {
			return err
		}
	}
	for _, sequence := range only(have.manifests, have.databases) {
		f := Finding{Kind: FoundHalfBackup, Tenant: id, Path: manifestName(id, sequence), Problem: "a backup has lost its database", Next: "find out who removed it; prune removes the rest"}
		if err := d.found(ctx, f, nil); err != nil {
			return err
		}
	}
	return nil
}

// content reads a copy of the tenant's file.
func (d *doctor[S]) content(ctx context.Context, id tenantdb.ID) error {
	var finding *Finding
	err := d.m.working(id, func(at string) error {
		path := at + copyName
		manifest, err := d.m.snapshot(ctx, id, path, tenantdb.SnapshotOptions{})
		if err == nil {
			// Without a sum, so that all of it is checked.
			err = d.m.store.Inspect(ctx, id, tenantdb.Source{Path: path})
		}
		if err == nil {
			_ = d.m.catalog.NoteSeen(ctx, id, seen(manifest)) // for people: that it could not be noted is no finding
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		finding, err = judge(id, err)
		return err
	})
	if err != nil || finding == nil {
		return err
	}
	var mend func(context.Context) error
	if finding.Kind == FoundGoneFile {
		mend = func(ctx context.Context) error { return d.finishGone(ctx, id) }
	}
	return d.found(ctx, *finding, mend)
}

// finishGone finishes the Delete or Retire of a file that is marked.
func (d *doctor[S]) finishGone(ctx context.Context, id tenantdb.ID) error {
	_, err := d.m.store.Retire(ctx, id)
	if errors.Is(err, tenantdb.ErrUnknownTenant) {
		return nil
	}
	return err
}

// judge makes a finding of why a tenant's file could not be copied or is not fit.
func judge(id tenantdb.ID, err error) (*Finding, error) {
	f := &Finding{Tenant: id, Problem: fmt.Sprint(err)}
	switch {
	case err == nil:
		return nil, nil //nolint:nilnil // nothing found is no error here
	case errors.Is(err, tenantdb.ErrUnknownTenant):
		f.Kind, f.Next = FoundGoneFile, "its file is marked as deleted; have that finished"
	case errors.Is(err, tenantdb.ErrCorrupt), errors.Is(err, tenantdb.ErrNotADatabase), errors.Is(err, tenantdb.ErrForeignKey):
		f.Kind, f.Next = FoundDamage, "quarantine it, and restore it from a backup"
	case errors.Is(err, tenantdb.ErrCannotOpen), errors.Is(err, tenantdb.ErrIO), errors.Is(err, tenantdb.ErrReadOnly):
		f.Kind, f.Next = FoundDamage, "see what is in the place of its file, who may read and write that, and whether the disk is well"
	case errors.Is(err, tenantdb.ErrSchemaAhead):
		var own *tenantdb.Error
		if errors.As(err, &own) {
			err = own.Err // the finding says which tenant's
		}
		f.Kind, f.Problem = FoundNewer, fmt.Sprintf("a newer release has migrated it, so that this one cannot say whether its schema is as it should be; SQLite's check of the file has passed: %v", err)
		f.Next = "have it looked at by the doctor of that release"
	case errors.Is(err, tenantdb.ErrSchemaDiverged), errors.Is(err, tenantdb.ErrWrongSchema),
		errors.Is(err, tenantdb.ErrWrongTenant), errors.Is(err, tenantdb.ErrMigrationFailed), errors.Is(err, tenantdb.ErrUnfit):
		f.Kind, f.Next = FoundSchema, "see what has changed it, or use the program that it is of"
	default:
		return nil, err
	}
	return f, nil
}
