package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

var errNo = errors.New("no")

func TestCreateMakesATenantThatIsSeededRegisteredAndRecorded(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := tenanttest.ID(t, "acme")
	ctx := catalog.WithActor(t.Context(), "ada")
	got, err := w.m.Create(ctx, creation{
		ID: id, DisplayName: "Acme", Labels: map[string]string{"plan": "pro"}, Aliases: []lifecycle.Alias{{Kind: "domain", Value: "acme.example"}},
		Metadata: []byte(`{"seats":3}`), Seed: func(ctx context.Context, db *tenant.DB) error {
			if _, err := w.store.Resolve(tenanttest.Context(t, "acme")); !errors.Is(err, catalog.ErrCreating) {
				t.Errorf("others reach it: %v", err)
			}
			return set(ctx, db, "made", "once")
		},
	})
	if err != nil || got.State != catalog.Active || got.DisplayName != "Acme" || got.Labels["plan"] != "pro" || string(got.Metadata) != `{"seats":3}` {
		t.Fatalf("got %+v, %v", got, err)
	}
	w.wantValue(t, id, "made", "once")
	if of, err := w.cat.LookupAlias(t.Context(), "domain", "acme.example"); of != id || err != nil {
		t.Errorf("the alias is of %v, %v", of, err)
	}
	if got := w.results(t, id, lifecycle.OpCreate); !slices.Equal(got, []string{"begun ada", "ok ada"}) {
		t.Errorf("recorded %q", got)
	}
	_, err = w.m.Create(t.Context(), creation{ID: id})
	wantErr(t, err, tenantdb.ErrTenantExists)
	w.wantValue(t, id, "made", "once")
	w.wantHealthy(t)
}

func TestACreationThatFailsLeavesNothing(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	taken := w.create(t, "taken", "")
	if err := w.cat.AddAlias(t.Context(), taken, "domain", "taken.example"); err != nil {
		t.Fatal(err)
	}
	id := tenanttest.ID(t, "acme")
	for name, tt := range map[string]struct {
		c    creation
		want error
	}{
		"its seed":    {creation{Seed: func(context.Context, *tenant.DB) error { return errNo }}, errNo},
		"its sign-up": {creation{SignUp: signUp(w, "ada", errNo)}, errNo},
		"its alias":   {creation{Aliases: []lifecycle.Alias{{Kind: "domain", Value: "taken.example"}}}, catalog.ErrAliasTaken},
		"its labels":  {creation{Labels: map[string]string{"": "x"}}, catalog.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			tt.c.ID, tt.c.Key = id, "key"
			_, err := w.m.Create(t.Context(), tt.c)
			wantErr(t, err, tt.want)
			_, err = w.cat.Get(t.Context(), id)
			wantErr(t, err, catalog.ErrNotRegistered)
			_, err = w.store.Resolve(tenanttest.Context(t, "acme"))
			wantErr(t, err, tenantdb.ErrUnknownTenant)
			_, err = global.New(w.global).GetUserByEmail(t.Context(), "ada@example.com")
			if err == nil {
				t.Error("the user is there")
			}
			w.wantHealthy(t)
		})
	}
	_, err := w.m.Create(t.Context(), creation{})
	wantErr(t, err, tenantdb.ErrBadID)
}

func signUp(w world, user string, fail error) lifecycle.SignUp {
	return lifecycle.Together(w.global, func(ctx context.Context, tx *global.Tx, of catalog.Tenant) error {
		_, err := global.New(tx).CreateUser(ctx, global.CreateUserParams{ID: user, Email: user + "@example.com", Name: of.ID.String()})
		return errors.Join(err, fail)
	})
}

func TestSignUpIsOneCommitWithTheTenant(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := tenanttest.ID(t, "acme")
	if _, err := w.m.Create(t.Context(), creation{ID: id, SignUp: signUp(w, "ada", nil)}); err != nil {
		t.Fatal(err)
	}
	if u, err := global.New(w.global).GetUserByEmail(t.Context(), "ada@example.com"); err != nil || u.Name != "acme" {
		t.Errorf("got %+v, %v", u, err)
	}
	w.wantState(t, id, catalog.Active)
}

func TestOfManyCreationsWithOneKeyOneTenantComes(t *testing.T) {
	folder := t.TempDir()
	worlds := []world{worldIn(t, folder, lifecycle.Options{})}
	other, err := lifecycle.New(worlds[0].store, worlds[0].cat, lifecycle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	worlds = append(worlds, world{m: other})
	for round := range 3 {
		key := fmt.Sprint("order ", round)
		var mu sync.Mutex
		seeded, ids := 0, map[tenantdb.ID]bool{}
		var workers sync.WaitGroup
		for i := range 8 {
			workers.Go(func() {
				id := tenanttest.ID(t, fmt.Sprintf("t%d-%d", round, i%4))
				got, err := worlds[i%2].m.Create(t.Context(), creation{ID: id, Key: key, Seed: func(ctx context.Context, db *tenant.DB) error {
					mu.Lock()
					defer mu.Unlock()
					seeded++
					return set(ctx, db, "made", "once")
				}})
				if err != nil || got.State != catalog.Active {
					t.Errorf("got %+v, %v", got, err)
				}
				mu.Lock()
				defer mu.Unlock()
				ids[got.ID] = true
			})
		}
		workers.Wait()
		if len(ids) != 1 || seeded != 1 {
			t.Errorf("round %d: tenants %v, seeded %d times", round, ids, seeded)
		}
	}
	w := worlds[0]
	ids, err := w.store.Tenants(t.Context())
	if err != nil || len(ids) != 3 {
		t.Errorf("there are %v, %v", ids, err)
	}
	w.wantHealthy(t)
}

func TestAKeyIsOfItsTenantUntilThatIsPurged(t *testing.T) {
	w := newWorld(t, lifecycle.Options{UndeleteFor: -1})
	id := tenanttest.ID(t, "acme")
	again := func() error {
		_, err := w.m.Create(t.Context(), creation{ID: id, Key: "key"})
		return err
	}
	if err := errors.Join(again(), again()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Delete(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	wantErr(t, again(), lifecycle.ErrKeyInUse)
	if err := w.m.PurgeTenant(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
}

func TestHooksMayVetoAndAreToldOfTheEnd(t *testing.T) {
	var told []string
	veto := errNo
	hook := func(name string) lifecycle.Hook {
		return lifecycle.Hook{
			Before: func(_ context.Context, e lifecycle.Event) error {
				told = append(told, fmt.Sprint(name, " before ", e.Operation))
				return veto
			},
			After: func(_ context.Context, e lifecycle.Event) {
				told = append(told, fmt.Sprint(name, " after ", e.Operation, " ", e.Tenant, " ", e.Err))
			},
		}
	}
	w := newWorld(t, lifecycle.Options{Hooks: []lifecycle.Hook{hook("a"), {}, hook("b")}})
	id := tenanttest.ID(t, "acme")
	_, err := w.m.Create(t.Context(), creation{ID: id})
	wantErr(t, err, lifecycle.ErrVetoed, errNo)
	var of *lifecycle.VetoError
	if !errors.As(err, &of) || of.Operation != lifecycle.OpCreate || of.Tenant != id {
		t.Errorf("got %v", err)
	}
	if got := w.results(t, id, lifecycle.OpCreate); !slices.Equal(got, []string{"vetoed "}) {
		t.Errorf("recorded %q", got)
	}
	veto = nil
	if _, err := w.m.Create(t.Context(), creation{ID: id}); err != nil {
		t.Fatal(err)
	}
	want := []string{"a before create", "a before create", "b before create", "b after create acme <nil>", "a after create acme <nil>"}
	if !slices.Equal(told, want) {
		t.Errorf("told %q", told)
	}
}

func TestAnOperationWithinOneOnTheSameTenantIsRefusedAtOnce(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := tenanttest.ID(t, "acme")
	_, err := w.m.Create(t.Context(), creation{ID: id, Seed: func(ctx context.Context, _ *tenant.DB) error {
		_, err := w.m.Suspend(ctx, id, lifecycle.SuspendOptions{})
		return err
	}})
	wantErr(t, err, lifecycle.ErrNested)
}

func TestWorkThatAnOperationLeavesBehindWaitsForItsEnd(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := tenanttest.ID(t, "acme")
	left := make(chan error, 1)
	_, err := w.m.Create(t.Context(), creation{ID: id, Seed: func(ctx context.Context, _ *tenant.DB) error {
		detached := tenantdb.Detach(ctx)
		if _, err := w.store.Resolve(detached); !errors.Is(err, catalog.ErrCreating) {
			t.Errorf("the tenant is resolved before it is there: %v", err)
		}
		go func() {
			_, err := w.m.Suspend(detached, id, lifecycle.SuspendOptions{})
			left <- err
		}()
		return nil
	}})
	if err := errors.Join(err, <-left); err != nil {
		t.Fatal(err)
	}
	if is, err := w.cat.Get(t.Context(), id); err != nil || is.State != catalog.Suspended {
		t.Errorf("the tenant is %s, %v", is.State, err)
	}
}
