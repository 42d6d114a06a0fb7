package tenantdb_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

type notesDB = tenantdb.TenantDB[notes]

// newNotes opens a store of notes with one tenant.
func newNotes(t *testing.T) tenanttest.Tenant[notes] {
	t.Helper()
	return tenanttest.New(t, tenantdb.OpenStore[notes]).Tenant("acme")
}

func wantNotes(t *testing.T, a tenanttest.Tenant[notes], want ...string) {
	t.Helper()
	if got, err := list(a.Context, a.DB); err != nil || !slices.Equal(got, want) {
		t.Errorf("there are %q, %v; want %q", got, err, want)
	}
}

func TestACallNeedsTheContextOfItsTenant(t *testing.T) {
	acme, globex := tenanttest.New(t, tenantdb.OpenStore[notes]).Two()
	for name, tt := range map[string]struct {
		ctx  context.Context
		want error
	}{
		"none":    {t.Context(), tenantdb.ErrNoTenant},
		"another": {globex.Context, tenantdb.ErrTenantMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			write := acme.DB.Write(tt.ctx, func(context.Context, *tenantdb.Tx[notes]) error { return errors.New("was called") })
			read := acme.DB.Read(tt.ctx, func(context.Context, *tenantdb.ReadTx[notes]) error { return errors.New("was called") })
			_, listErr := list(tt.ctx, acme.DB)
			for call, err := range map[string]error{"Write": write, "Read": read, "query": listErr, "exec": add(tt.ctx, acme.DB, "x")} {
				if !errors.Is(err, tt.want) {
					t.Errorf("%s: %v", call, err)
				}
			}
			err := acme.DB.Write(acme.Context, func(_ context.Context, tx *tenantdb.Tx[notes]) error { return add(tt.ctx, tx, "x") })
			if !errors.Is(err, tt.want) {
				t.Errorf("in a transaction: %v", err)
			}
		})
	}
	wantNotes(t, acme)
}

func TestResolveNeedsATenantThatIsThere(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	if _, err := kit.Store.Resolve(t.Context()); !errors.Is(err, tenantdb.ErrNoTenant) {
		t.Errorf("without a tenant: %v", err)
	}
	if _, err := kit.Store.Resolve(tenanttest.Context(t, "acme")); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("unknown: %v", err)
	}
	if ids, err := kit.Store.Tenants(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("resolving an unknown tenant made %v, %v", ids, err)
	}
}

func TestAContextCarriesOneTenantForLife(t *testing.T) {
	acme := tenanttest.Context(t, "acme")
	if again, err := tenantdb.WithTenant(acme, tenanttest.ID(t, "acme")); err != nil || again != acme {
		t.Errorf("the same tenant again: %v", err)
	}
	if _, err := tenantdb.WithTenant(acme, tenanttest.ID(t, "globex")); !errors.Is(err, tenantdb.ErrTenantRebound) {
		t.Errorf("another tenant: %v", err)
	}
	if _, err := tenantdb.WithTenant(t.Context(), tenantdb.ID{}); !errors.Is(err, tenantdb.ErrNoTenant) {
		t.Errorf("the zero ID: %v", err)
	}
}

func TestNilAndZeroHandlesFailClosed(t *testing.T) {
	ctx := tenanttest.Context(t, "acme")
	inWrite := func(context.Context, *tenantdb.Tx[notes]) error { return nil }
	inRead := func(context.Context, *tenantdb.ReadTx[notes]) error { return nil }
	var none *notesDB
	var noGlobal *tenantdb.GlobalDB[ledger]
	var noStore *tenantdb.Store[notes]
	resolve := func(s *tenantdb.Store[notes]) error { _, err := s.Resolve(ctx); return err }
	for name, err := range map[string]error{
		"nil interface":    add[notes](ctx, nil, "x"),
		"nil TenantDB":     add(ctx, none, "x"),
		"zero TenantDB":    add(ctx, &notesDB{}, "x"),
		"nil GlobalDB":     add(ctx, noGlobal, "x"),
		"zero GlobalDB":    add(ctx, &tenantdb.GlobalDB[ledger]{}, "x"),
		"nil Tx":           add(ctx, (*tenantdb.Tx[notes])(nil), "x"),
		"zero Tx":          add(ctx, &tenantdb.Tx[notes]{}, "x"),
		"nil ReadTx":       add(ctx, (*tenantdb.ReadTx[notes])(nil), "x"),
		"zero ReadTx":      add(ctx, &tenantdb.ReadTx[notes]{}, "x"),
		"nil Write":        none.Write(ctx, inWrite),
		"zero Write":       (&notesDB{}).Write(ctx, inWrite),
		"nil Read":         none.Read(ctx, inRead),
		"zero Read":        (&notesDB{}).Read(ctx, inRead),
		"nil global Write": noGlobal.Write(ctx, nil),
		"nil global Read":  noGlobal.Read(ctx, nil),
		"nil Store":        resolve(noStore),
		"zero Store":       resolve(&tenantdb.Store[notes]{}),
		"nil Store Create": noStore.Create(ctx, tenanttest.ID(t, "acme")),
		"nil Store Delete": noStore.Delete(ctx, tenanttest.ID(t, "acme")),
		"zero Binding":     query.Exec(ctx, query.Binding{}, addNote, query.Text("x")),
	} {
		if !errors.Is(err, tenantdb.ErrNoHandle) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if id := none.Tenant(); !id.IsZero() {
		t.Errorf("a nil handle is of tenant %v", id)
	}
}

func TestAClosedDirRefusesEverything(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	global, err := tenantdb.OpenGlobal[ledger](t.Context(), kit.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(kit.Dir.Close(), kit.Dir.Close()); err != nil {
		t.Fatal(err)
	}
	_, listErr := list(acme.Context, acme.DB)
	_, resolveErr := kit.Store.Resolve(acme.Context)
	_, openErr := tenantdb.OpenGlobal[ledger](t.Context(), kit.Dir)
	for call, err := range map[string]error{
		"query":       listErr,
		"Write":       acme.DB.Write(acme.Context, func(context.Context, *tenantdb.Tx[notes]) error { return nil }),
		"global":      add(t.Context(), global, "x"),
		"Resolve":     resolveErr,
		"Create":      kit.Store.Create(t.Context(), tenanttest.ID(t, "late")),
		"Create old":  kit.Store.Create(t.Context(), acme.ID),
		"Delete":      kit.Store.Delete(t.Context(), tenanttest.ID(t, "acme")),
		"open global": openErr,
	} {
		if !errors.Is(err, tenantdb.ErrClosed) {
			t.Errorf("%s: %v", call, err)
		}
	}
}
