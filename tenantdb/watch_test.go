package tenantdb_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// changingDoor is a gate that shuts, and says that something has changed then.
type changingDoor struct {
	shut    atomic.Bool
	changes atomic.Int64
}

var errShut = errors.New("shut")

func (d *changingDoor) Admit(_ context.Context, id tenantdb.ID) (tenantdb.Admission, error) {
	if d.shut.Load() && id.String() == "acme" {
		return tenantdb.Admission{}, errShut
	}
	return tenantdb.Admission{}, nil
}

func (d *changingDoor) Changes(context.Context) (int64, error) { return d.changes.Load(), nil }

// closings are the lines of a log that say which tenants a Dir closes because of its gate.
type closings chan string

func (c closings) Write(line []byte) (int, error) {
	if strings.Contains(string(line), "not let in") {
		c <- string(line)
	}
	return len(line), nil
}

func TestAnOpenTenantThatIsNotLetInAnyMoreIsClosedAndItsHandlesAreRefused(t *testing.T) {
	closed := make(closings, 16)
	logger := slog.New(slog.NewTextHandler(closed, &slog.HandlerOptions{Level: slog.LevelDebug}))
	dir := tenanttest.Dir(t, tenantdb.Options{Path: t.TempDir(), Logger: logger})
	store, err := tenantdb.OpenStore[notes](t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	gate := &changingDoor{}
	dir.SetGate(gate)
	handles := map[string]*tenantdb.TenantDB[notes]{}
	for _, name := range []string{"acme", "globex"} {
		if err := store.Create(t.Context(), tenanttest.ID(t, name)); err != nil {
			t.Fatal(err)
		}
		ctx := tenanttest.Context(t, name)
		if handles[name], err = store.Resolve(ctx); err != nil {
			t.Fatal(err)
		}
		if err := add(ctx, handles[name], "x"); err != nil {
			t.Fatal(err)
		}
	}
	acme, globex := tenanttest.Context(t, "acme"), tenanttest.Context(t, "globex")
	// A call that has begun is not cut short: it ends, and then the file is closed.
	err = handles["acme"].Read(acme, func(context.Context, *tenantdb.ReadTx[notes]) error {
		gate.shut.Store(true)
		gate.changes.Add(1)
		if line := <-closed; !strings.Contains(line, "tenant=acme") {
			t.Errorf("the log says %q", line)
		}
		if open := dir.Stats().Open; open != 2 {
			t.Errorf("%d tenants are open during the call", open)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if open := dir.Stats().Open; open != 1 {
		t.Errorf("%d tenants are open after it", open)
	}
	if err := add(acme, handles["acme"], "y"); !errors.Is(err, errShut) {
		t.Errorf("a handle from before: %v", err)
	}
	if err := add(globex, handles["globex"], "y"); err != nil {
		t.Errorf("another tenant's: %v", err)
	}
	if open := dir.Stats().Open; open != 1 {
		t.Errorf("%d tenants are open after a call was refused", open)
	}
	gate.shut.Store(false)
	if err := add(acme, handles["acme"], "y"); err != nil {
		t.Errorf("let in again: %v", err)
	}
}
