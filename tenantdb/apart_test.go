package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// slowMigration is a logger that is told of the first migration, and keeps that from going on.
type slowMigration struct {
	slog.Handler
	once     sync.Once
	begun    chan struct{} // closed when it is told
	released chan struct{} // closed to let it go on
}

func newSlowMigration() *slowMigration {
	return &slowMigration{Handler: slog.DiscardHandler, begun: make(chan struct{}), released: make(chan struct{})}
}

func (*slowMigration) Enabled(context.Context, slog.Level) bool { return true }

func (s *slowMigration) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "tenantdb: migrated" {
		s.once.Do(func() { close(s.begun) })
		<-s.released
	}
	return nil
}

// slowTenant returns a store in which the tenant acme is migrated when it is opened, slowly.
func slowTenant(t *testing.T) (*tenantdb.Dir, *tenantdb.Store[notesMiddle], *slowMigration) {
	t.Helper()
	folder := t.TempDir()
	before, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	err = openStore[notes](t, before).Create(t.Context(), tenanttest.ID(t, "acme"))
	if err := errors.Join(err, before.Close()); err != nil {
		t.Fatal(err)
	}
	slow := newSlowMigration()
	dir := tenanttest.Dir(t, tenantdb.Options{Path: folder, Logger: slog.New(slow)})
	return dir, openStore[notesMiddle](t, dir), slow
}

func TestAMigrationThatTakesTooLongForACallGoesOnWithoutIt(t *testing.T) {
	dir, store, slow := slowTenant(t)
	ctx := tenanttest.Context(t, "acme")
	if _, err := store.ResolveWithin(ctx, time.Nanosecond); !errors.Is(err, tenantdb.ErrOpening) || !tenantdb.SafeToRetry(err) {
		t.Fatalf("while it is migrated: %v", err)
	}
	<-slow.begun
	ended, end := context.WithCancel(ctx)
	end()
	if _, err := store.ResolveWithin(ended, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("a call whose context ends: %v", err)
	}
	close(slow.released)
	db, err := store.ResolveWithin(ctx, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := add(ctx, db, "x"); err != nil {
		t.Error(err)
	}
	if s := dir.Stats(); s.Migrated != 1 || s.Opened != 1 {
		t.Errorf("it was opened and migrated more than once: %+v", s)
	}
	if err := dir.Close(); err != nil { // it joins the opening, which may have the tenant in use still
		t.Error(err)
	}
}

// Somebody else's tool has taken the migration back, which is found when the open tenant is looked at.
func TestATenantThatIsOpenAndBehindIsMigratedApartToo(t *testing.T) {
	folder := t.TempDir()
	before := tenanttest.Dir(t, tenantdb.Options{Path: folder})
	other := openStore[notesMiddle](t, before)
	ctx, id := tenanttest.Context(t, "acme"), tenanttest.ID(t, "acme")
	if err := other.Create(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	slow := newSlowMigration()
	store := openStore[notesMiddle](t, tenanttest.Dir(t, tenantdb.Options{Path: folder, Logger: slog.New(slow)}))
	if _, err := store.ResolveWithin(ctx, time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, err := other.MigrateDown(t.Context(), id, 1, tenantdb.MigrateOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.ResolveWithin(ctx, time.Nanosecond); !errors.Is(err, tenantdb.ErrOpening) {
		t.Errorf("while it is migrated again: %v", err)
	}
	<-slow.begun
	close(slow.released)
	if _, err := store.ResolveWithin(ctx, time.Minute); err != nil {
		t.Error(err)
	}
}

// Each is opened apart, and perhaps once more by its handle, for another has had its place meanwhile.
func TestTenantsThatShareOnePlaceAreOpenedNoMoreOftenThanTheyAreWanted(t *testing.T) {
	const tenants, times = 8, 10
	dir := tenanttest.Dir(t, tenantdb.Options{MaxOpen: 1})
	store := openStore[notes](t, dir)
	var all sync.WaitGroup
	for i := range tenants {
		name := fmt.Sprint("t", i)
		if err := store.Create(t.Context(), tenanttest.ID(t, name)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range tenants {
		ctx := tenanttest.Context(t, fmt.Sprint("t", i))
		all.Go(func() {
			for n := range times {
				db, err := store.ResolveWithin(ctx, time.Minute)
				if err == nil {
					err = add(ctx, db, fmt.Sprint(n))
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if opened := dir.Stats().Opened; opened > 3*tenants*times {
		t.Errorf("%d openings of %d calls", opened, tenants*times)
	}
}

// The opening that is waited for has asked the gate before.
func TestWhatTheGateSaysWhileATenantIsOpenedCounts(t *testing.T) {
	dir, store, slow := slowTenant(t)
	ctx, refused := tenanttest.Context(t, "acme"), errors.New("only to be read")
	if _, err := store.ResolveWithin(ctx, time.Nanosecond); !errors.Is(err, tenantdb.ErrOpening) {
		t.Fatal(err)
	}
	<-slow.begun
	dir.SetGate(&door{admission: tenantdb.Admission{ReadOnly: refused}})
	close(slow.released)
	db, err := store.ResolveWithin(ctx, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := add(ctx, db, "x"); !errors.Is(err, refused) {
		t.Errorf("a write: %v", err)
	}
}

func TestCloseEndsAndJoinsAnOpeningThatNobodyWaitsFor(t *testing.T) {
	dir, store, slow := slowTenant(t)
	ctx := tenanttest.Context(t, "acme")
	if _, err := store.ResolveWithin(ctx, time.Nanosecond); !errors.Is(err, tenantdb.ErrOpening) {
		t.Fatal(err)
	}
	<-slow.begun
	closed := make(chan error, 1)
	go func() { closed <- dir.Close() }()
	close(slow.released)
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if _, err := store.ResolveWithin(ctx, time.Minute); !errors.Is(err, tenantdb.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestResolveWithinHasTheErrorsOfResolve(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	tests := []struct {
		name string
		ctx  context.Context
		gate tenantdb.Gate
		want error
	}{
		{"no tenant", t.Context(), nil, tenantdb.ErrNoTenant},
		{"an unknown tenant", tenanttest.Context(t, "ghost"), nil, tenantdb.ErrUnknownTenant},
		{"one that the gate refuses", tenanttest.Context(t, "globex"), &door{err: tenantdb.ErrReadOnly}, tenantdb.ErrReadOnly},
		{"one that is open and refused", acme.Context, &door{err: tenantdb.ErrReadOnly}, tenantdb.ErrReadOnly},
		{"one that is open", acme.Context, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			kit.Dir.SetGate(test.gate)
			if _, err := kit.Store.ResolveWithin(test.ctx, time.Minute); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
	if _, err := (*tenantdb.Store[notes])(nil).ResolveWithin(acme.Context, time.Minute); !errors.Is(err, tenantdb.ErrNoHandle) {
		t.Errorf("of a nil store: %v", err)
	}
}

func ExampleStore_ResolveWithin() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	db, err := store.ResolveWithin(ctx, 5*time.Second) // a migration that takes longer goes on
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(db.Tenant())
	// Output: acme
}
