package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// crash is an operation of which every step is one before which a process dies.
type crash struct {
	prepare func(ctx context.Context, w world) error
	run     func(ctx context.Context, w world) error

	// What is true of the folder before and after it: nil, or why not. The one that is undone
	// by Doctor is as before, the one that is run again as after it.
	before, after func(ctx context.Context, w world) error
}

func mustID(name string) tenantdb.ID {
	id, err := tenantdb.ParseID(name)
	if err != nil {
		panic(err)
	}
	return id
}

var acme, copied = mustID("acme"), mustID("copy")

func makeAcme(ctx context.Context, w world) error {
	_, err := w.m.Create(ctx, creation{ID: acme, DisplayName: "Acme", Seed: seed("first")})
	return err
}

func then(all ...func(context.Context, world) error) func(context.Context, world) error {
	return func(ctx context.Context, w world) error {
		for _, f := range all {
			if err := f(ctx, w); err != nil {
				return err
			}
		}
		return nil
	}
}

func nothing(context.Context, world) error { return nil }

// has says that a tenant is active and what its setting is.
func has(id tenantdb.ID, want string) func(context.Context, world) error {
	return func(ctx context.Context, w world) error {
		got, err := w.get(id, "made")
		if err != nil || got != want {
			return fmt.Errorf("%v has %q, %w; want %q", id, got, err, want)
		}
		t, err := w.cat.Get(ctx, id)
		if err != nil || t.State != catalog.Active {
			return fmt.Errorf("%v is %q, %w", id, t.State, err)
		}
		return nil
	}
}

// is says in which state a tenant is; with "", that it is not known and has no file.
func is(id tenantdb.ID, want catalog.State) func(context.Context, world) error {
	return func(ctx context.Context, w world) error {
		t, err := w.cat.Get(ctx, id)
		if errors.Is(err, catalog.ErrNotRegistered) {
			err = nil
		}
		if err != nil || t.State != want {
			return fmt.Errorf("%v is %q, %w; want %q", id, t.State, err, want)
		}
		if files, err := filepath.Glob(filepath.Join(w.dir.Path(), "tenants", id.String()+".*")); want == "" && len(files) > 0 {
			return fmt.Errorf("%v has %v, %w", id, files, err)
		}
		return nil
	}
}

func put(value string) func(context.Context, world) error {
	return func(_ context.Context, w world) error { return w.put(acme, "made", value) }
}

func backUp(ctx context.Context, w world) error {
	_, err := w.m.Backup(ctx, acme, lifecycle.BackupOptions{})
	return err
}

func remove(ctx context.Context, w world) error {
	_, err := w.m.Delete(ctx, acme, "left")
	return err
}

func exportTo(name string) func(context.Context, world) error {
	return func(ctx context.Context, w world) error {
		path := filepath.Join(filepath.Dir(w.dir.Path()), name)
		if _, err := os.Lstat(path); err == nil {
			return nil // an export that has its name is whole
		}
		_, err := w.m.Export(ctx, acme, path)
		return err
	}
}

func backups(want ...int64) func(context.Context, world) error {
	return func(ctx context.Context, w world) error {
		var have []int64
		for b, err := range w.m.Backups(ctx, acme) {
			if err != nil {
				return err
			}
			if _, err := w.m.Verify(ctx, acme, b.Sequence); err != nil {
				return err
			}
			have = append(have, b.Sequence)
		}
		if fmt.Sprint(have) != fmt.Sprint(want) {
			return fmt.Errorf("there are backups %v, want %v", have, want)
		}
		return nil
	}
}

var crashing = map[string]crash{
	"create": {nothing, makeAcme, is(acme, ""), has(acme, "first")},
	"sign up": {nothing, func(ctx context.Context, w world) error {
		_, err := w.m.Create(ctx, creation{ID: acme, Key: "order 1", Seed: seed("first"), SignUp: signUp(w, "ada", nil)})
		return err
	}, is(acme, ""), then(has(acme, "first"), func(ctx context.Context, w world) error {
		_, err := global.New(w.global).GetUserByEmail(ctx, "ada@example.com")
		return err
	})},
	"suspend": {makeAcme, func(ctx context.Context, w world) error {
		_, err := w.m.Suspend(ctx, acme, lifecycle.Suspension{})
		return err
	}, has(acme, "first"), is(acme, catalog.Suspended)},
	"clone": {makeAcme, func(ctx context.Context, w world) error {
		_, err := w.m.Clone(ctx, acme, creation{ID: copied})
		return err
	}, then(has(acme, "first"), is(copied, "")), then(has(acme, "first"), has(copied, "first"))},
	"export": {makeAcme, exportTo("acme.tar"), has(acme, "first"), func(ctx context.Context, w world) error {
		_, err := w.m.Import(ctx, filepath.Join(filepath.Dir(w.dir.Path()), "acme.tar"), creation{ID: mustID("imported")})
		return errors.Join(err, has(mustID("imported"), "first")(ctx, w))
	}},
	"import": {then(makeAcme, exportTo("acme.tar")), func(ctx context.Context, w world) error {
		_, err := w.m.Import(ctx, filepath.Join(filepath.Dir(w.dir.Path()), "acme.tar"), creation{ID: copied})
		return err
	}, is(copied, ""), has(copied, "first")},
	"delete": {makeAcme, remove, has(acme, "first"), then(is(acme, catalog.Deleted), func(ctx context.Context, w world) error {
		_, err := w.m.Undelete(ctx, acme)
		return err
	}, has(acme, "first"))},
	"undelete": {then(makeAcme, remove), func(ctx context.Context, w world) error {
		_, err := w.m.Undelete(ctx, acme)
		return err
	}, is(acme, catalog.Deleted), has(acme, "first")},
	"purge": {then(makeAcme, remove), func(ctx context.Context, w world) error { return w.m.PurgeTenant(ctx, acme) }, is(acme, catalog.Deleted), is(acme, "")},
	"erase": {then(makeAcme, backUp, exportTo("acme.tar"), remove, func(ctx context.Context, w world) error {
		_, err := w.m.Undelete(ctx, acme)
		return err
	}), func(ctx context.Context, w world) error {
		_, err := w.m.Erase(ctx, acme)
		return err
	}, has(acme, "first"), then(is(acme, ""), backups(), func(_ context.Context, w world) error {
		if exists(filepath.Join(filepath.Dir(w.dir.Path()), "acme.tar")) {
			return errors.New("the export is there")
		}
		return nil
	})},
	"backup": {then(makeAcme, backUp, put("second")), backUp, backups(1), func(ctx context.Context, w world) error {
		// It may be that the one which died had finished one, and the mark is as it was, or not.
		if backups(1, 2)(ctx, w) != nil && backups(1, 3)(ctx, w) != nil {
			return backups(1, 2, 3)(ctx, w)
		}
		return nil
	}},
	"restore": {then(makeAcme, backUp, put("second")), func(ctx context.Context, w world) error {
		_, err := w.m.Restore(ctx, acme, 1)
		return err
	}, has(acme, "second"), has(acme, "first")},
	"restore as": {then(makeAcme, backUp), func(ctx context.Context, w world) error {
		_, err := w.m.RestoreAs(ctx, acme, lifecycle.Last, creation{ID: copied})
		return err
	}, then(is(copied, ""), backups(1)), then(has(copied, "first"), backups(1))},
	"backup global": {makeAcme, func(ctx context.Context, w world) error {
		_, err := w.m.BackupGlobal(ctx, lifecycle.BackupOptions{})
		return err
	}, has(acme, "first"), globalBackups},
	"prune": {then(makeAcme, backUp, put("second"), backUp, put("third"), backUp), func(ctx context.Context, w world) error {
		for p, err := range w.m.Prune(ctx, acme, lifecycle.PruneOptions{Rules: []lifecycle.BackupRule{{Retention: lifecycle.Retention{Last: 1}}}}) {
			if err := errors.Join(err, p.Err); err != nil {
				return err
			}
		}
		return nil
	}, func(ctx context.Context, w world) error { // each that is there is whole
		if backups(2, 3)(ctx, w) == nil {
			return nil
		}
		return backups(1, 2, 3)(ctx, w)
	}, backups(3)},
}

// Each operation is killed before its first step, its second, and so on until it ends by
// itself; then it is run again, or Doctor mends what was left, by turns. Ordinarily these are a
// few of the steps, with SILO_TORTURE_KILLS all, that many times over, and as many at instants
// drawn at random.
func TestAnOperationThatIsKilledAtAnyStepIsFinishedByAnotherOrMended(t *testing.T) {
	rounds, stride := 0, 7
	if torture := os.Getenv("SILO_TORTURE_KILLS"); torture != "" {
		var err error
		if rounds, err = strconv.Atoi(torture); err != nil {
			t.Fatal(err)
		}
		stride = 1
	}
	for name, op := range crashing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kills := 0
			for round := range max(rounds, 1) {
				for n := 1 + round%stride; ; n += stride {
					step := killed(t, name, op, n, (n/stride+round)%2 == 0)
					if step == "" || t.Failed() {
						break
					}
					kills++
				}
			}
			for i := range 10 * rounds {
				// At any instant, within the steps too.
				if killed(t, name, op, -1-rand.N(30_000), i%2 == 0) != "" {
					kills++
				}
			}
			t.Logf("%d kills", kills)
		})
	}
}

// killed has a process die at the nth step of an operation on a new folder.
func killed(t *testing.T, name string, op crash, n int, again bool) (step string) {
	t.Helper()
	t.Run(fmt.Sprint("step ", n), func(t *testing.T) {
		folder := filepath.Join(t.TempDir(), "data")
		prepareFolder(t, folder, op)
		step = dieAt(t, folder, name, n)
		w := worldIn(t, folder, lifecycle.Options{})
		ctx := t.Context()
		defer func() {
			if t.Failed() {
				t.Logf("it died before: %s", step)
			}
		}()
		if again && step != "" {
			// One that died when all was done, and had no key, finds that.
			if err := op.run(ctx, w); err != nil && !errors.Is(err, tenantdb.ErrTenantExists) {
				t.Fatalf("again: %v", err)
			}
		}
		if _, err := w.findings(ctx, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe, Depth: lifecycle.DepthContent}); err != nil {
			t.Fatal(err)
		}
		// What Doctor takes for perhaps being at work.
		removeYoung(t, folder)
		w.wantHealthy(t)
		after := op.after(ctx, w)
		if after != nil && (again || step == "") {
			t.Fatalf("after it: %v", after)
		}
		if after == nil {
			return
		}
		if before := op.before(ctx, w); before != nil {
			t.Fatalf("mended, it is neither as before (%v) nor as after it (%v)", before, after)
		}
		if err := errors.Join(op.run(ctx, w), op.after(ctx, w)); err != nil {
			t.Fatalf("mended, and run again: %v", err)
		}
	})
	return step
}

func prepareFolder(t *testing.T, folder string, op crash) {
	t.Helper()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	w, err := enter(t.Context(), dir, lifecycle.Options{})
	if err == nil {
		err = op.prepare(t.Context(), w)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// removeYoung removes what a process was building when it died a moment ago, after
// having seen that Doctor removes what is older.
func removeYoung(t *testing.T, folder string) {
	t.Helper()
	for _, pattern := range []string{"tenants/.*.building*", "backups/*/.part.*"} {
		left, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range left {
			os.Remove(path)
		}
	}
}
