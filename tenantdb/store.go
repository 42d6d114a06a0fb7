package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/lease"
	"github.com/silokit/silo/tenantdb/internal/passage"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Store is a Dir seen through one tenant schema. It is made by the Open function
// of generated code and safe for concurrent use; it is of use until the Dir is
// closed, and needs no closing itself.
type Store[S TenantSchema] struct {
	_ brand[S, storeKind]
	s *store
}

// store is a Store without its type parameter.
type store struct {
	dir *Dir
	def *definition
}

// OpenStore returns the view of dir by the schema S; generated code calls it. It
// fails with [ErrInvalidMigrations] or [ErrGeneratedStale]. With MigrateAtOpen it
// migrates all tenants first.
func OpenStore[S TenantSchema](ctx context.Context, dir *Dir) (*Store[S], error) {
	var schema S
	def, err := define(schema, "tenant")
	if err != nil {
		return nil, err
	}
	s, err := openStore(ctx, dir, def)
	if err != nil {
		return nil, err
	}
	return &Store[S]{s: s}, nil
}

func openStore(ctx context.Context, dir *Dir, def *definition) (*store, error) {
	if !dir.opened() {
		return nil, &Error{Op: "open store", Err: ErrNoHandle, Hint: "the Dir is nil or zero; get one from tenantdb.Open"}
	}
	s := &store{dir: dir, def: def}
	if dir.options.Migrate == MigrateAtOpen {
		if err := s.migrateAll(ctx); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Create makes the tenant: a file with the schema's migrations applied. It is
// built beside and named when it is whole and on the disk. For a tenant that
// exists the error is [ErrTenantExists]. It does not need a tenant in ctx.
func (st *Store[S]) Create(ctx context.Context, id ID) error {
	if st == nil || st.s == nil {
		return noHandle("create")
	}
	return st.s.create(ctx, id)
}

// Resolve returns the handle to the tenant that ctx carries: the tenant has a file
// ([ErrUnknownTenant]), of this schema ([ErrWrongSchema]), which is opened and
// migrated now if need be ([ErrMigrationFailed], [ErrSchemaAhead],
// [ErrSchemaDiverged]). A file that was removed, replaced or migrated by other means
// while it was open is opened anew, once calls that are under way on the old one have
// ended. If the Dir has a [Gate], it is asked first, and may refuse the tenant or have the
// handle read only. Inside a transaction of the tenant the error is
// [ErrNested]. It waits while as many tenants as may be are in use
// ([ErrTooManyOpen]), until ctx ends. A migration under way is stopped, and undone,
// when ctx ends.
func (st *Store[S]) Resolve(ctx context.Context) (*TenantDB[S], error) {
	if st == nil || st.s == nil {
		return nil, noHandle("resolve")
	}
	a, err := st.s.resolve(ctx)
	if err != nil {
		return nil, err
	}
	return &TenantDB[S]{a: a}, nil
}

// Tenants lists the tenants that have a file, sorted by ID. It opens none: the files
// may be of another schema, or damaged.
func (st *Store[S]) Tenants(ctx context.Context) ([]ID, error) {
	if st == nil || st.s == nil {
		return nil, noHandle("list tenants")
	}
	return st.s.list(ctx)
}

func (s *store) list(ctx context.Context) ([]ID, error) {
	if err := ctx.Err(); err != nil {
		return nil, &Error{Op: "list tenants", Err: sqlite.Ended(ctx)}
	}
	ids, err := s.dir.layout.tenants()
	if err != nil {
		return nil, &Error{Op: "list tenants", Path: s.dir.layout.root, Err: err}
	}
	return ids, nil
}

func (s *store) create(ctx context.Context, id ID) error {
	a := address{dir: s.dir, def: s.def, tenant: id}
	if id.IsZero() {
		return &Error{Op: "create", Err: fmt.Errorf("%w: it is the zero ID", ErrBadID), Hint: "make it with ParseID"}
	}
	err := translate(ctx, s.dir.create(ctx, a))
	switch {
	case errors.Is(err, durable.ErrUnsure):
		err = fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
	case errors.Is(err, fs.ErrExist):
		err = ErrTenantExists
	}
	return explain("create", id, s.dir.path(a), err)
}

func (s *store) resolve(ctx context.Context) (*address, error) { return s.resolveFor(ctx, toStay) }

// addressFor returns the address of ctx's tenant, if that is let in. Which file it is has to be found out.
func (s *store) addressFor(ctx context.Context, use use) (*address, error) {
	id, ok := TenantFrom(ctx)
	if !ok {
		return nil, &Error{Op: "resolve", Err: ErrNoTenant, Hint: "bind it at the edge with WithTenant"}
	}
	a := &address{dir: s.dir, def: s.def, tenant: id, use: use, ref: new(lease.Ref[ID, *database])}
	if bindingOf(ctx).inTransaction(a) {
		return nil, &Error{Op: "resolve", Tenant: id, Err: ErrNested, Hint: "use the Tx or Queries that the callback was given"}
	}
	admission, err := s.dir.admit(ctx, id)
	if err != nil {
		return nil, err
	}
	if admission.ReadOnly != nil {
		limits := admission // a copy, so that there is no allocation where there are none
		a.limits = &limits
	}
	return a, nil
}

func (s *store) resolveFor(ctx context.Context, use use) (*address, error) {
	a, err := s.addressFor(ctx, use)
	if err != nil {
		return nil, err
	}
	for {
		held, err := s.dir.acquire(ctx, *a)
		if errors.Is(err, ErrTenantGone) {
			// Its Delete was interrupted after the mark: for all who ask, it is done.
			return nil, explain("resolve", a.tenant, s.dir.path(*a), ErrUnknownTenant)
		}
		if err != nil {
			return nil, err
		}
		db := held.Value()
		// The file may have been removed, replaced or migrated by other means than
		// ours since it was opened. Such a database is opened anew.
		if !db.inPlace() || !db.unchanged(ctx) {
			held.Discard()
			continue
		}
		a.incarnation = db.incarnation
		if use == ifOpen {
			a.use = toStay
		}
		held.Release()
		return a, nil
	}
}

// migrateAll opens each tenant once. The error of one is logged: it costs the
// others nothing, and comes again when the tenant is resolved.
func (s *store) migrateAll(ctx context.Context) error {
	ids, err := s.list(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		held, err := s.dir.acquire(passage.With(ctx, id.name), address{dir: s.dir, def: s.def, tenant: id}) // whatever its state
		switch {
		case err == nil:
			held.Release()
		case ctx.Err() != nil:
			return &Error{Op: "migrate all", Err: sqlite.Ended(ctx)}
		default:
			s.dir.options.Logger.Error("tenantdb: a tenant could not be migrated", slog.String("tenant", id.name), slog.Any("error", err))
		}
	}
	return nil
}
