package tenantdb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/registry"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// used takes what a Dir has counted, by tenant.
func used(d *tenantdb.Dir) map[string]tenantdb.Usage {
	all := map[string]tenantdb.Usage{}
	for _, one := range d.TakeUsage(registry.Permit{}) {
		all[one.Tenant.String()] = one
	}
	return all
}

// numbers are calls, errors and slow calls.
func numbers(u tenantdb.Usage) string { return fmt.Sprint(u.Calls, " ", u.Errors, " ", u.Slow) }

func TestACallIsCountedOnceHoweverItEnds(t *testing.T) {
	errOfCaller := errors.New("the caller's own")
	set := func(ctx context.Context, q *tenant.Queries) error {
		return q.SetConfig(ctx, tenant.SetConfigParams{Key: "plan", Value: "pro"})
	}
	module := func(ctx context.Context, q *tenant.Queries) error {
		_, err := q.CreateModule(ctx, tenant.CreateModuleParams{ID: "m", Slug: "m", Name: "M"})
		return err
	}
	tests := []struct {
		name string
		call func(ctx context.Context, db *tenant.DB) error
		err  error
		want string
	}{
		{"a query that writes", func(ctx context.Context, db *tenant.DB) error { return set(ctx, tenant.New(db)) }, nil, "1 0 0"},
		{"a query that finds nothing", func(ctx context.Context, db *tenant.DB) error {
			_, err := tenant.New(db).GetConfig(ctx, "nothing")
			return err
		}, sql.ErrNoRows, "1 0 0"},
		{"a Write of three queries", func(ctx context.Context, db *tenant.DB) error {
			return tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
				return errors.Join(set(ctx, q), set(ctx, q), set(ctx, q))
			})
		}, nil, "1 0 0"},
		{"a Read of two queries", func(ctx context.Context, db *tenant.DB) error {
			return tenant.Read(ctx, db, func(ctx context.Context, q *tenant.Reader) error {
				_, err1 := q.ListModules(ctx, nil)
				_, err2 := q.ListModules(ctx, nil)
				return errors.Join(err1, err2)
			})
		}, nil, "1 0 0"},
		{"a constraint", func(ctx context.Context, db *tenant.DB) error {
			return errors.Join(module(ctx, tenant.New(db)), module(ctx, tenant.New(db)))
		}, tenantdb.ErrUnique, "2 1 0"},
		{"a constraint within Write", func(ctx context.Context, db *tenant.DB) error {
			return tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
				return errors.Join(module(ctx, q), module(ctx, q))
			})
		}, tenantdb.ErrUnique, "1 1 0"},
		{"an error of the callback's own", func(ctx context.Context, db *tenant.DB) error {
			return tenant.Write(ctx, db, func(context.Context, *tenant.Queries) error { return errOfCaller })
		}, errOfCaller, "1 0 0"},
		{"a context that ends within Write", func(ctx context.Context, db *tenant.DB) error {
			ctx, cancel := context.WithCancel(ctx)
			return tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
				cancel()
				return set(ctx, q)
			})
		}, context.Canceled, "1 0 0"},
		{"a panic", func(ctx context.Context, db *tenant.DB) (err error) {
			defer func() {
				if recover() != nil {
					err = errOfCaller
				}
			}()
			return tenant.Write(ctx, db, func(context.Context, *tenant.Queries) error { panic("as a bug does") })
		}, errOfCaller, "1 0 0"},
		{"a context of nobody", func(_ context.Context, db *tenant.DB) error {
			return set(context.Background(), tenant.New(db))
		}, tenantdb.ErrNoTenant, "0 0 0"},
		{"a call of half a second", func(ctx context.Context, db *tenant.DB) error {
			return tenant.Write(ctx, db, func(context.Context, *tenant.Queries) error {
				time.Sleep(500 * time.Millisecond) // of the bubble's clock
				return nil
			})
		}, nil, "1 0 1"},
		{"a call that waits behind a slow one", func(ctx context.Context, db *tenant.DB) error {
			waited := make(chan error, 1)
			err := tenant.Write(ctx, db, func(ctx context.Context, _ *tenant.Queries) error {
				go func() { waited <- set(tenantdb.Detach(ctx), tenant.New(db)) }()
				time.Sleep(500 * time.Millisecond)
				return nil
			})
			return errors.Join(err, <-waited)
		}, nil, "2 0 1"},
		{"a call that waits in vain", func(ctx context.Context, db *tenant.DB) error {
			waited := make(chan error, 1)
			err := tenant.Write(ctx, db, func(ctx context.Context, _ *tenant.Queries) error {
				go func() { waited <- set(tenantdb.Detach(ctx), tenant.New(db)) }()
				time.Sleep(time.Minute)
				return nil
			})
			return errors.Join(err, <-waited)
		}, tenantdb.ErrWriterBusy, "2 1 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				kit := tenanttest.New(t, tenant.Open)
				acme := kit.Tenant("acme")
				used(kit.Dir)
				if err := test.call(acme.Context, acme.DB); !errors.Is(err, test.err) {
					t.Errorf("it ends with %v, want %v", err, test.err)
				}
				if got := numbers(used(kit.Dir)["acme"]); got != test.want {
					t.Errorf("calls, errors and slow calls are %s, want %s", got, test.want)
				}
				if again := used(kit.Dir); len(again) > 0 {
					t.Errorf("what was taken is there again: %v", again)
				}
			})
		})
	}
}

func TestSlowIsWhatTheOptionsSay(t *testing.T) {
	for after, want := range map[time.Duration]string{0: "2 0 1", time.Hour: "2 0 0", -1: "2 0 0", time.Millisecond: "2 0 2"} {
		t.Run(after.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				kit := kitOf(t, tenantdb.Options{SlowAfter: after})
				acme := kit.Tenant("acme")
				used(kit.Dir)
				for _, lasts := range []time.Duration{50 * time.Millisecond, 100 * time.Millisecond} {
					err := tenant.Read(acme.Context, acme.DB, func(context.Context, *tenant.Reader) error {
						time.Sleep(lasts) // of the bubble's clock
						return nil
					})
					if err != nil {
						t.Fatal(err)
					}
				}
				if got := numbers(used(kit.Dir)["acme"]); got != want {
					t.Errorf("calls, errors and slow calls are %s, want %s", got, want)
				}
			})
		})
	}
}

// kitOf is tenanttest.New with options.
func kitOf(t *testing.T, o tenantdb.Options) *tenanttest.Kit[tenant.Schema] {
	t.Helper()
	kit, _ := tenanttest.NewFailing(t, o, tenant.Open) // nothing fails unless it is told to
	return kit
}

// What several goroutines ask of more tenants than may be open is counted to the last call, while
// tenants are closed and what was counted is taken.
func TestNoCountIsLostOrTakenTwice(t *testing.T) {
	kit := kitOf(t, tenantdb.Options{MaxOpen: 2, Wait: patience})
	used(kit.Dir)
	names, rounds := []string{"acme", "globex", "initech", "hooli"}, 200
	for _, name := range names {
		if err := kit.Store.Create(t.Context(), idOf(name)); err != nil {
			t.Fatal(err)
		}
	}
	sum := map[string]int64{}
	taken := func() {
		for name, one := range used(kit.Dir) {
			sum[name] += one.Calls
			if one.Size == 0 {
				t.Errorf("%s has no size", name)
			}
		}
	}
	var callers sync.WaitGroup
	for caller := range 4 {
		callers.Go(func() {
			for i := range rounds {
				ctx, err := tenantdb.WithTenant(t.Context(), idOf(names[(i/8+caller)%len(names)]))
				if err != nil {
					t.Error(err)
					return
				}
				db, err := kit.Store.Resolve(ctx)
				if err == nil {
					_, err = tenant.New(db).ListModules(ctx, nil)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	over := make(chan struct{})
	go func() { callers.Wait(); close(over) }()
	for done := false; !done; {
		select {
		case <-over:
			done = true
		default:
			taken()
		}
	}
	taken()
	for _, name := range names {
		if sum[name] != int64(rounds) {
			t.Errorf("of %s there are %d calls, want %d: %v", name, sum[name], rounds, sum)
		}
	}
	if kit.Dir.Stats().Closed == 0 {
		t.Error("nothing was closed meanwhile")
	}
}

// A read on the writer's connection that is turned out for who wants to write runs twice, and is
// one call.
func TestAReadThatIsTurnedOutIsOneCall(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	tenantdb.StopKeeper(kit.Dir) // beside which the read would get a reader
	acme := kit.Tenant("acme")
	used(kit.Dir)
	wrote, runs := make(chan error, 1), 0
	many := query.Read("Many", "usage_test.go", counting+"SELECT i FROM n LIMIT 50000")
	_, err := query.Many(acme.Context, tenantdb.Bind(acme.DB), many, func(row *query.Row, n *int64) {
		if *n = row.Int(0); *n > 1 {
			return
		}
		if runs++; runs > 1 {
			return
		}
		go func() { wrote <- add(acme.Context, acme.DB, "wanted") }()
		for !tenantdb.TurnedOut(t, kit.Dir, acme.DB) {
			runtime.Gosched()
		}
	})
	if err := errors.Join(err, <-wrote); err != nil || runs != 2 {
		t.Fatalf("it ran %d times, want two: %v", runs, err)
	}
	if got := used(kit.Dir)["acme"]; got.Calls != 2 || got.Errors != 0 {
		t.Errorf("there are %d calls and %d errors, want that read and that write", got.Calls, got.Errors)
	}
}

func TestATenantThatCannotBeOpenedHasErrors(t *testing.T) {
	kit := kitOf(t, tenantdb.Options{})
	used(kit.Dir)
	broken, nobody := idOf("broken"), idOf("nobody")
	path := tenantdb.TenantPath(t, kit.Dir.Path(), tenantdb.Flat, broken)
	if err := os.WriteFile(path, []byte("this is no database, but some text that is long enough to be looked at"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, id := range []tenantdb.ID{broken, broken, nobody} {
		ctx, err := tenantdb.WithTenant(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := kit.Store.Resolve(ctx); err == nil {
			t.Fatalf("%v was opened", id)
		}
	}
	if err := os.Remove(path); err != nil { // or the kit finds it
		t.Fatal(err)
	}
	all := used(kit.Dir)
	if got := numbers(all["broken"]); got != "2 2 0" || len(all) != 1 {
		t.Errorf("calls, errors and slow calls are %s, want 2 2 0, of one tenant: %v", got, all)
	}
}

func TestWhatNobodyTakesIsNotKept(t *testing.T) {
	kit := kitOf(t, tenantdb.Options{MaxOpen: 1})
	for _, name := range []string{"acme", "globex"} {
		one := kit.Tenant(name)
		if _, err := tenant.New(one.DB).ListModules(one.Context, nil); err != nil {
			t.Fatal(err)
		}
	}
	if all := used(kit.Dir); all["acme"].Calls != 0 || all["globex"].Calls != 1 {
		t.Errorf("there is %v, want globex's call, which is open", all)
	}
	var none *tenantdb.Dir
	if got := none.TakeUsage(registry.Permit{}); got != nil {
		t.Errorf("a nil Dir has counted %v", got)
	}
}
