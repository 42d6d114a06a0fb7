package fleet

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// StatusOptions say whose schema is looked at, and how. The zero value means the defaults.
type StatusOptions struct {
	// Select says whom. Defaults to all.
	Select Selection

	// Verify says whether the catalog is believed. Defaults to AsSeen.
	Verify Verify

	// Workers is how many files are looked at at once, with LookAtFiles. Defaults to 4.
	Workers int
}

// Verify says whether the catalog is believed about tenants' schemas.
type Verify int

const (
	// AsSeen says what each file was found to be when it was last looked at by a migration
	// of all, a backup, or LookAtFiles. A tenant that was migrated when it was opened may be said to be
	// behind still. No tenant is opened, and no file looked at.
	AsSeen Verify = iota

	// LookAtFiles looks at each file, some at once, and has the catalog know what was seen.
	LookAtFiles
)

// TenantStatus is how a tenant stands to the migrations of the program.
type TenantStatus struct {
	Tenant  tenantdb.ID
	State   Standing
	Version int64     // the number of the last migration that has run; 0: none, or it is not known
	Pending int       // how many have not
	SeenAt  time.Time // when that was found; zero if it is not known
	Err     error     // with LookAtFiles: why the file cannot be migrated
	Last    catalog.RunResult
}

// Standing is in a word how a tenant stands.
type Standing string

// How tenants stand.
const (
	Current Standing = "current" // all migrations have run
	Behind  Standing = "behind"  // some have not
	Ahead   Standing = "ahead"   // migrations have run that the program does not have
	Broken  Standing = "broken"  // see Err
	Unknown Standing = "unknown" // nobody has looked yet
)

// Status yields how each tenant that is meant stands to the migrations of the program, in the
// order of IDs. Last is what became of it in the last run that was about it, if there was one. The
// sequence's own error ends it, and comes with a zero TenantStatus.
func Status[S tenantdb.TenantSchema](ctx context.Context, store *tenantdb.Store[S], cat *catalog.Catalog, o StatusOptions) iter.Seq2[TenantStatus, error] {
	return func(yield func(TenantStatus, error) bool) {
		s := statuses[S]{store: store, cat: cat, o: o, versions: store.MigrationVersions()}
		if err := s.run(ctx, yield); err != nil && !errors.Is(err, errLeft) {
			yield(TenantStatus{}, failed("status", err))
		}
	}
}

type statuses[S tenantdb.TenantSchema] struct {
	store    *tenantdb.Store[S]
	cat      *catalog.Catalog
	o        StatusOptions
	versions []int64
}

// together is of how many tenants the files are looked at before the first is yielded.
const together = 64

func (s *statuses[S]) run(ctx context.Context, yield func(TenantStatus, error) bool) error {
	if s.store.Dir() == nil || s.cat == nil {
		return tenantdb.ErrNoHandle
	}
	ids, err := s.o.Select.tenants(ctx, s.store, s.cat)
	if err != nil {
		return err
	}
	for page := range slices.Chunk(ids, together) {
		found := make([]TenantStatus, len(page))
		errs := make([]error, len(page))
		places := make(chan struct{}, workers(s.o.Workers))
		var looking sync.WaitGroup
		for i, id := range page {
			places <- struct{}{}
			looking.Go(func() {
				defer func() { <-places }()
				found[i], errs[i] = s.of(ctx, id)
			})
		}
		looking.Wait()
		if err := errors.Join(append(errs, ctx.Err())...); err != nil {
			return err
		}
		for _, one := range found {
			if !yield(one, nil) {
				return errLeft
			}
		}
	}
	return nil
}

// of returns how one tenant stands.
func (s *statuses[S]) of(ctx context.Context, id tenantdb.ID) (one TenantStatus, err error) {
	one = TenantStatus{Tenant: id, State: Unknown}
	if one.Last, err = s.cat.LastRunResult(ctx, id); err != nil && !errors.Is(err, catalog.ErrNoRun) {
		return one, err
	}
	if s.o.Verify == LookAtFiles {
		return s.look(ctx, one)
	}
	t, err := s.cat.Get(ctx, id)
	switch {
	case errors.Is(err, catalog.ErrNotRegistered), err == nil && t.Seen.At.IsZero():
		return one, nil
	case err != nil:
		return one, err
	}
	one.SeenAt, one.Version = t.Seen.At, t.Seen.SchemaVersion
	one.judge(s.versions)
	return one, nil
}

// judge compares the version with those that there are.
func (one *TenantStatus) judge(versions []int64) {
	for _, v := range versions {
		if v > one.Version {
			one.Pending++
		}
	}
	switch {
	case one.Pending > 0:
		one.State = Behind
	case len(versions) > 0 && one.Version > versions[len(versions)-1]:
		one.State = Ahead
	default:
		one.State = Current
	}
}

// look looks at the file.
func (s *statuses[S]) look(ctx context.Context, one TenantStatus) (TenantStatus, error) {
	now, err := s.store.Standing(ctx, one.Tenant)
	if ctx.Err() != nil {
		return one, context.Cause(ctx)
	}
	one.Version, one.SeenAt = now.Version, time.Now().UTC()
	switch {
	case err == nil:
		one.judge(s.versions)
	case errors.Is(err, tenantdb.ErrSchemaAhead):
		one.State, one.Err = Ahead, err
	default:
		one.State, one.Err = Broken, err
		return one, nil
	}
	err = s.cat.NoteSeen(ctx, one.Tenant, catalog.Seen{SchemaVersion: now.Version, SizeBytes: now.Size})
	if errors.Is(err, catalog.ErrNotRegistered) {
		err = nil
	}
	return one, err
}
