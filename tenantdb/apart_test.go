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
