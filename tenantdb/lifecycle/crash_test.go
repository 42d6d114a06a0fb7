package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

func mustID(name string) tenantdb.ID {
	id, err := tenantdb.ParseID(name)
	if err != nil {
		panic(err)
	}
	return id
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
		return is(id, catalog.Active)(ctx, w)
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

// backups says which backups a tenant has, and that each can be restored.
func backups(id tenantdb.ID, want ...int64) func(context.Context, world) error {
	return func(ctx context.Context, w world) error {
		var have []int64
		for b, err := range w.m.Backups(ctx, id) {
			if err != nil {
				return err
			}
			if _, err := w.m.Verify(ctx, id, b.Sequence); err != nil {
				return err
			}
			have = append(have, b.Sequence)
		}
		if !slices.Equal(have, want) {
			return fmt.Errorf("%v has backups %v, want %v", id, have, want)
		}
		return nil
	}
}

// backedUp says that a tenant's last backup can be restored.
func backedUp(id tenantdb.ID) func(context.Context, world) error {
	return func(ctx context.Context, w world) error {
		_, err := w.m.Verify(ctx, id, lifecycle.Last)
		return err
	}
}

// torture is the number in a variable of the environment; 0 in an ordinary run.
func torture(t *testing.T, variable string) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// tally counts the kills of a test.
type tally struct{ steps, sqlite, instants atomic.Int64 }

func (y *tally) add(d death) {
	switch d.step {
	case sqliteStep:
		y.sqlite.Add(1)
	case anInstant:
		y.instants.Add(1)
	default:
		y.steps.Add(1)
	}
}

func (y *tally) kills() int64 { return y.steps.Load() + y.sqlite.Load() + y.instants.Load() }

func (y *tally) String() string {
	return fmt.Sprintf("%d kills: %d before steps of operations, %d before changes that SQLite makes to files, %d at random",
		y.kills(), y.steps.Load(), y.sqlite.Load(), y.instants.Load())
}

// Each operation is killed before its first step, its second, and so on until it ends by
// itself: its own steps, those on files, and each write, sync, cut and removal of SQLite's, of
// the global database too. Then it is run again, or Doctor mends what was left, by turns.
// Ordinarily these are a few of the steps, with SILO_TORTURE_KILLS all, that many times over,
// and ten times as many at instants drawn at random.
func TestAnOperationThatIsKilledAtAnyStepIsFinishedByAnotherOrMended(t *testing.T) {
	withoutRaceDetector(t)
	rounds, stride := torture(t, "SILO_TORTURE_KILLS"), 1
	if rounds == 0 {
		stride = 19
	}
	var all tally
	t.Run("of", func(t *testing.T) { // returns when all have ended
		for name, op := range crashing {
			t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
				t.Parallel()
				var kills tally
				f := prepareCrash(t, name, op, filepath.Join(t.TempDir(), "run"))
				for round := range max(rounds, 1) {
					for n := 1 + rand.N(stride); ; n += stride {
						d := f.kill(t, n, mendings[(n/stride+round)%2])
						if d.step == "" || t.Failed() {
							break
						}
						kills.add(d)
						all.add(d)
					}
				}
				for i := range 10 * rounds {
					if d := f.kill(t, -1-rand.N(30_000), mendings[i%2]); d.step != "" {
						kills.add(d)
						all.add(d)
					}
				}
				t.Logf("%s: %v", name, &kills)
			})
		}
	})
	t.Logf("all operations: %v", &all)
	if rounds > 0 && all.kills() < 1000 {
		t.Error("these are fewer than a thousand")
	}
}

// mending is what is done about what a process that died has left.
type mending string

const (
	again  mending = "run again"
	doctor mending = "Doctor"
)

var mendings = [2]mending{again, doctor}

// folder is one in which an operation is killed, over and over, at the same place: the
// records of exports name files.
type folder struct {
	name     string
	op       crash
	original string
	run      string // with the data folder in it
	others   map[string]string
}

// prepareCrash prepares the operation's folder, at run.
func prepareCrash(t *testing.T, name string, op crash, run string) *folder {
	t.Helper()
	if err := os.RemoveAll(run); err != nil {
		t.Fatal(err)
	}
	f := &folder{name: name, op: op, original: filepath.Join(t.TempDir(), "original"), run: run}
	with := op
	with.prepare = then(makeBystander, op.prepare)
	prepareFolder(t, f.data(), with)
	childtest.CopyFolder(t, f.original, f.run)
	f.others = f.bystander(t)
	return f
}

// renew has the folder be as it was prepared.
func (f *folder) renew(t *testing.T) {
	t.Helper()
	childtest.CopyFolder(t, f.run, f.original)
}

func (f *folder) data() string { return filepath.Join(f.run, "data") }

// bystander returns the bytes of the files of the tenant that nothing is done to. Nobody has
// the folder open.
func (f *folder) bystander(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, pattern := range []string{"tenants/bystander.db", "backups/bystander/*"} {
		found, err := filepath.Glob(filepath.Join(f.data(), pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files[path] = lifecycle.SumOf(content)
		}
	}
	if len(files) != 3 {
		t.Errorf("the bystander has %d files, it had a database and a backup", len(files))
	}
	return files
}

// kill has a process die at the nth step of the operation on the folder as it was prepared.
func (f *folder) kill(t *testing.T, n int, how mending) (d death) {
	t.Helper()
	t.Run(fmt.Sprint("step ", n), func(t *testing.T) {
		f.renew(t)
		d = dieAt(t, f.data(), f.name, strconv.Itoa(n))
		defer func() {
			if t.Failed() {
				t.Logf("it died before: %+v; then: %s", d, how)
			}
		}()
		t.Cleanup(func() { // when the folder is closed
			if now := f.bystander(t); !maps.Equal(now, f.others) {
				t.Errorf("the bystander's files were %v, are %v", f.others, now)
			}
		})
		w := worldIn(t, f.data(), lifecycle.Options{})
		f.mend(t, w, d, how)
		if err := errors.Join(has(bystander, "by")(t.Context(), w), backups(bystander, 1)(t.Context(), w)); err != nil {
			t.Error(err)
		}
		if of, err := w.cat.LookupAlias(t.Context(), "domain", "by.example"); err != nil || of != bystander {
			t.Errorf("the bystander's alias is of %v, %v", of, err)
		}
	})
	return d
}

// mend finishes or undoes the operation, and holds the folder to what it must be then.
func (f *folder) mend(t *testing.T, w world, d death, how mending) {
	ctx := t.Context()
	if how == again && d.step != "" {
		// One that died when all was done, and had no key, finds that.
		if err := f.op.run(ctx, w); err != nil && !errors.Is(err, tenantdb.ErrTenantExists) {
			t.Fatalf("again: %v", err)
		}
	}
	if _, err := w.findings(ctx, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe, Depth: lifecycle.DepthContent}); err != nil {
		t.Fatal(err)
	}
	// What Doctor takes for perhaps being at work.
	removeYoung(t, f.data())
	w.wantHealthy(t)
	after := f.op.after(ctx, w)
	if after != nil && (how == again || d.acknowledged) {
		t.Fatalf("after it: %v", after)
	}
	if after == nil {
		return
	}
	if before := f.op.before(ctx, w); before != nil {
		t.Fatalf("mended, it is neither as before (%v) nor as after it (%v)", before, after)
	}
	if err := errors.Join(f.op.run(ctx, w), f.op.after(ctx, w)); err != nil {
		t.Fatalf("mended, and run again: %v", err)
	}
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
