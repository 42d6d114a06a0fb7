package tenantdb_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// planted is in a note of the tenant that the operations are run on: 32 bytes.
const planted = "planted-planted-planted-planted!"

// prepared makes a folder with data, in which acme has a log that a process which was
// killed has left, and with the copy of an older state of it.
func prepared(t *testing.T, retired bool) (root string, written string) {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: filepath.Join(root, "data")})
	if err != nil {
		t.Fatal(err)
	}
	store := openStore[notes](t, dir)
	ctx, db := create(t, store, "acme")
	if err := add(ctx, db, "old"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Snapshot(ctx, idOf("acme"), filepath.Join(root, "source.db"), tenantdb.SnapshotOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(add(ctx, db, planted), dir.Close()); err != nil {
		t.Fatal(err)
	}
	c := childtest.Start(t, "writeOnly", dir.Path(), "acme")
	for range 5 {
		c.Line(t)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // killed
	if log, err := os.Stat(filepath.Join(dir.Path(), "tenants", "acme.db-wal")); err != nil || log.Size() == 0 {
		t.Fatalf("there is no log, %v", err)
	}
	seen := look(t, root)
	if retired {
		seen = retireIt(t, root)
	}
	return root, seen.acme
}

func retireIt(t *testing.T, root string) (before seen) {
	t.Helper()
	before = look(t, root)
	run(t, root, func(store *tenantdb.Store[notes]) error { return operations["retire"](store, root) })
	return before
}

// seen is what there is in a folder: of each tenant how many notes, or "no" if there is no
// such tenant.
type seen struct {
	acme, globex string
	retired      int
	copied       bool
}

func run(t *testing.T, root string, f func(*tenantdb.Store[notes]) error) {
	t.Helper()
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: filepath.Join(root, "data")})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f(openStore[notes](t, dir)), dir.Close()); err != nil {
		t.Error(err)
	}
}

// look opens a copy of the folder as its next user would: the folder itself stays as it was
// left.
func look(t *testing.T, root string) (s seen) {
	t.Helper()
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(root)); err != nil {
		t.Fatal(err)
	}
	run(t, copied, func(store *tenantdb.Store[notes]) error {
		for name, into := range map[string]*string{"acme": &s.acme, "globex": &s.globex} {
			ctx := tenanttest.Context(t, name)
			db, err := store.Resolve(ctx)
			if errors.Is(err, tenantdb.ErrUnknownTenant) {
				*into = "no"
				continue
			}
			if err != nil {
				return err
			}
			n, err := count(ctx, db, countNotes)
			if err != nil {
				return err
			}
			*into = strconv.FormatInt(n, 10)
		}
		list, err := store.Retired(context.Background())
		s.retired = len(list)
		return err
	})
	if err := tenanttest.Check(context.Background(), copied); err != nil {
		t.Error(err)
	}
	_, err := os.Stat(filepath.Join(root, "copy.db"))
	s.copied = err == nil
	return s
}

func TestAnOperationThatIsKilledAtAnyStepIsDoneOrNotAndIsFinishedByTheNext(t *testing.T) {
	for name, tt := range map[string]struct {
		retired bool
		after   func(acme string) seen
		again   error // of the operation, once it was done
		between seen  // what else may be seen between the two; zero for nothing
	}{
		"create":    {after: func(acme string) seen { return seen{acme: acme, globex: "0"} }, again: tenantdb.ErrTenantExists},
		"delete":    {after: func(string) seen { return seen{acme: "no", globex: "no"} }, again: tenantdb.ErrUnknownTenant},
		"snapshot":  {after: func(acme string) seen { return seen{acme: acme, globex: "no", copied: true} }, again: fs.ErrExist},
		"adopt":     {after: func(acme string) seen { return seen{acme: acme, globex: "1"} }, again: tenantdb.ErrTenantExists},
		"restore":   {after: func(string) seen { return seen{acme: "1", globex: "no"} }},
		"retire":    {after: func(string) seen { return seen{acme: "no", globex: "no", retired: 1} }, again: tenantdb.ErrUnknownTenant, between: seen{acme: "no", globex: "no"}},
		"reinstate": {retired: true, after: func(acme string) seen { return seen{acme: acme, globex: "no"} }, again: tenantdb.ErrNotRetired},
		"purge":     {retired: true, after: func(string) seen { return seen{acme: "no", globex: "no"} }, again: tenantdb.ErrNotRetired},
		"erase":     {after: func(string) seen { return seen{acme: "no", globex: "no"} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			original, acme := prepared(t, tt.retired)
			before, after := look(t, original), tt.after(acme)
			kills := 0
			for n := 1; ; n++ {
				root := filepath.Join(t.TempDir(), "root")
				if err := os.CopyFS(root, os.DirFS(original)); err != nil {
					t.Fatal(err)
				}
				c := childtest.Start(t, "operate", root, name, strconv.Itoa(n))
				done := c.Out.Scan()
				if err := c.Wait(); done != (err == nil) {
					t.Fatalf("step %d: the child: %v, %s", n, err, c.Said())
				}
				if done {
					if got := look(t, root); got != after {
						t.Errorf("done: %+v, want %+v", got, after)
					}
					break
				}
				kills++
				got := look(t, root)
				if got != before && got != after && (tt.between == seen{} || got != tt.between) {
					t.Errorf("killed before step %d: %+v, before it was %+v", n, got, before)
				}
				run(t, root, func(store *tenantdb.Store[notes]) error {
					err := operations[name](store, root)
					if got == after && tt.again != nil && errors.Is(err, tt.again) {
						return nil
					}
					return err
				})
				if got := look(t, root); got != after {
					t.Errorf("killed before step %d and done again: %+v, want %+v", n, got, after)
				}
				switch name {
				case "erase":
					if found := findBytes(t, filepath.Join(root, "data"), []byte(planted)); len(found) > 0 {
						t.Errorf("killed before step %d and erased again: it is in %q", n, found)
					}
				case "retire":
					run(t, root, func(store *tenantdb.Store[notes]) error { return operations["reinstate"](store, root) })
					if got := look(t, root); got != before {
						t.Errorf("killed before step %d, retired and reinstated: %+v, before it was %+v", n, got, before)
					}
				}
			}
			if kills < 3 {
				t.Errorf("it has only %d steps", kills)
			}
			t.Logf("killed at each of %d steps", kills)
		})
	}
}
