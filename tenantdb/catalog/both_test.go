package catalog_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func openGlobal(ctx context.Context, dir *tenantdb.Dir) error {
	db, err := global.Open(ctx, dir)
	if err == nil {
		_, err = global.New(db).ListPlans(ctx)
	}
	return err
}

func openCatalog(ctx context.Context, dir *tenantdb.Dir) error {
	c, err := catalog.Open(ctx, dir)
	if err == nil {
		_, err = c.Aliases(ctx, tenantdb.ID{})
	}
	return err
}

func TestTheGlobalFileServesBothSchemasInAnyOrder(t *testing.T) {
	type open = func(context.Context, *tenantdb.Dir) error
	both := func(first, second open) open {
		return func(ctx context.Context, dir *tenantdb.Dir) error {
			return errors.Join(first(ctx, dir), second(ctx, dir))
		}
	}
	together := func(ctx context.Context, dir *tenantdb.Dir) error {
		var errs [8]error
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { errs[i] = []open{openGlobal, openCatalog}[i%2](ctx, dir) })
		}
		all.Wait()
		return errors.Join(errs[:]...)
	}
	tests := map[string][]open{
		"the application alone, then the catalog alone": {openGlobal, openCatalog, both(openGlobal, openCatalog)},
		"the catalog alone, then the application alone": {openCatalog, openGlobal, both(openCatalog, openGlobal)},
		"the application first":                         {both(openGlobal, openCatalog), openCatalog, openGlobal},
		"the catalog first":                             {both(openCatalog, openGlobal), openGlobal, openCatalog},
		"both at once":                                  {together, together},
		"both at once on a file of the catalog":         {openCatalog, together},
		"both at once on a file of the application":     {openGlobal, together},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			for i, step := range steps {
				dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
				if err != nil {
					t.Fatal(err)
				}
				if err := step(t.Context(), dir); err != nil {
					t.Errorf("step %d: %v", i, err)
				}
				if err := dir.Close(); err != nil {
					t.Error(err)
				}
			}
			k := openKit(t, folder)
			if _, err := k.c.Register(t.Context(), catalog.Registration{ID: tenanttest.ID(t, "acme")}); err != nil {
				t.Error(err)
			}
		})
	}
}

// otherGlobal is the schema of another application.
type otherGlobal struct{ global.Schema }

func (s otherGlobal) Origin() tenantdb.Origin {
	o := s.Schema.Origin()
	o.Name = "other"
	return o
}

func TestAFileOfTheCatalogBecomesThatOfTheFirstApplication(t *testing.T) {
	folder := t.TempDir()
	dir := openDir(t, tenantdb.Options{Path: folder})
	if err := openCatalog(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if err := openGlobal(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if _, err := tenantdb.OpenGlobal[otherGlobal](t.Context(), dir); !errors.Is(err, tenantdb.ErrWrongSchema) {
		t.Errorf("in the same process: %v", err)
	}
	second := openDir(t, tenantdb.Options{Path: folder})
	if err := openCatalog(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if _, err := tenantdb.OpenGlobal[otherGlobal](t.Context(), second); !errors.Is(err, tenantdb.ErrWrongSchema) {
		t.Errorf("after the catalog: %v", err)
	}
}

func TestWithMigrateVerifyTheCatalogsTablesAreNotMade(t *testing.T) {
	folder := t.TempDir()
	dir := openDir(t, tenantdb.Options{Path: folder})
	if err := openGlobal(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	verify := openDir(t, tenantdb.Options{Path: folder, Migrate: tenantdb.MigrateVerify})
	for range 2 {
		if err := openCatalog(t.Context(), verify); !errors.Is(err, tenantdb.ErrSchemaBehind) {
			t.Errorf("before they are there: %v", err)
		}
		if err := openGlobal(t.Context(), verify); err != nil {
			t.Errorf("the application's: %v", err)
		}
	}
	if err := openCatalog(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if err := openCatalog(t.Context(), verify); err != nil {
		t.Errorf("once another process has made them: %v", err)
	}
}

func TestTheCatalogIsNotOpenedWithinATransactionOnItsFile(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	db, err := global.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	err = global.Write(t.Context(), db, func(ctx context.Context, _ *global.Queries) error { return openCatalog(ctx, dir) })
	if !errors.Is(err, tenantdb.ErrNested) {
		t.Errorf("the error is %v", err)
	}
}

// signUp makes a user and registers a tenant for them.
func signUp(ctx context.Context, k *kit, name string, fail error) error {
	id, err := tenantdb.ParseID(name)
	if err != nil {
		return err
	}
	return catalog.WriteWith(ctx, k.c, k.global, func(ctx context.Context, app *global.Tx, tx *catalog.Tx) error {
		if _, err := global.New(app).CreateUser(ctx, global.CreateUserParams{ID: name, Email: name + "@example.com"}); err != nil {
			return err
		}
		if _, err := tx.Register(ctx, catalog.Registration{ID: id, State: catalog.Creating}); err != nil {
			return err
		}
		if err := tx.AddAlias(ctx, id, "user", name); err != nil {
			return err
		}
		return fail
	})
}

func TestSigningUpIsOneCommitOrNone(t *testing.T) {
	k := newKit(t)
	ctx := t.Context()
	mine := errors.New("mine")
	if err := signUp(ctx, k, "acme", mine); !errors.Is(err, mine) {
		t.Fatalf("the error is %v", err)
	}
	if _, err := global.New(k.global).GetUserByEmail(ctx, "acme@example.com"); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("the user of a sign-up that failed: %v", err)
	}
	if _, err := k.c.Get(ctx, tenanttest.ID(t, "acme")); !errors.Is(err, catalog.ErrNotRegistered) {
		t.Errorf("the tenant of a sign-up that failed: %v", err)
	}
	if n := len(k.entries(t, tenantdb.ID{})); n != 0 {
		t.Errorf("%d entries of a sign-up that failed", n)
	}
	if err := signUp(ctx, k, "acme", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := global.New(k.global).GetUserByEmail(ctx, "acme@example.com"); err != nil {
		t.Error(err)
	}
	if got, err := k.c.Get(ctx, tenanttest.ID(t, "acme")); err != nil || got.State != catalog.Creating {
		t.Errorf("%+v, %v", got, err)
	}
	if err := signUp(ctx, k, "acme", nil); !errors.Is(err, tenantdb.ErrUnique) {
		t.Errorf("a second time: %v", err)
	}
}

func TestACatalogIsWrittenWithTheGlobalDatabaseOfItsOwnFolderOnly(t *testing.T) {
	k, other := newKit(t), newKit(t)
	err := catalog.WriteWith(t.Context(), k.c, other.global, func(context.Context, *global.Tx, *catalog.Tx) error { return nil })
	if !errors.Is(err, tenantdb.ErrWrongSchema) {
		t.Errorf("the error is %v", err)
	}
	var late *catalog.Tx
	err = catalog.WriteWith(t.Context(), k.c, k.global, func(ctx context.Context, _ *global.Tx, tx *catalog.Tx) error {
		late = tx
		if _, err := k.c.Get(ctx, tenanttest.ID(t, "acme")); !errors.Is(err, tenantdb.ErrNested) {
			t.Errorf("the catalog itself within the transaction: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := late.Get(t.Context(), tenanttest.ID(t, "acme")); !errors.Is(err, tenantdb.ErrTxDone) {
		t.Errorf("after the transaction: %v", err)
	}
}

// signUpOn signs up one after the other and tells of each.
func signUpOn(k *kit, args []string) error {
	for i := 0; ; i++ {
		name := fmt.Sprintf("%s-%d", args[0], i)
		if err := signUp(catalog.WithActor(context.Background(), "child"), k, name, nil); err != nil {
			return err
		}
		fmt.Println(name)
	}
}

func TestAProcessKilledWhileItSignsUpLeavesAllOrNothing(t *testing.T) {
	kills := 25
	if testing.Short() {
		kills = 6
	}
	folder := t.TempDir()
	acknowledged := map[string]bool{}
	for i := range kills {
		c := childtest.Start(t, "signUp", folder, fmt.Sprintf("r%d", i))
		for range rand.N(20) { // none: it may be killed while it makes the tables
			acknowledged[c.Line(t)] = true
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // killed
	}
	k := openKit(t, folder)
	known := 0
	for got, err := range k.c.List(t.Context(), catalog.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		known++
		name := got.ID.String()
		delete(acknowledged, name)
		if _, err := global.New(k.global).GetUserByEmail(t.Context(), name+"@example.com"); err != nil {
			t.Errorf("%s has no user: %v", name, err)
		}
		if id, err := k.c.LookupAlias(t.Context(), "user", name); err != nil || id != got.ID {
			t.Errorf("%s has no alias: %v", name, err)
		}
		if n := len(k.entries(t, got.ID)); n != 2 {
			t.Errorf("of %s %d entries were recorded, want 2", name, n)
		}
	}
	if len(acknowledged) > 0 {
		t.Errorf("acknowledged and not there: %v", acknowledged)
	}
	entries := k.entries(t, tenantdb.ID{})
	if len(entries) != 2*known {
		t.Errorf("%d entries of %d tenants", len(entries), known)
	}
	if _, err := tenant.Open(t.Context(), k.dir); err != nil {
		t.Error(err)
	}
	t.Logf("%d kills, %d tenants", kills, known)
}

func TestWhatWasReadOfTheSchemaIsForgottenWhenTheSecondOneIsMigrated(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	c, err := catalog.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	// The statements of this have had it found out whether the schema speaks of FAIL.
	if _, err := c.Register(t.Context(), catalog.Registration{ID: tenanttest.ID(t, "acme")}); err != nil {
		t.Fatal(err)
	}
	second = "CREATE TABLE tags (name TEXT NOT NULL UNIQUE ON CONFLICT FAIL);"
	db, err := tenantdb.OpenGlobal[appSchema](t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), func(ctx context.Context, tx *tenantdb.Tx[appSchema]) error {
		fails := query.Write("Fails", "x.sql", "INSERT INTO tags VALUES ('a'), ('b'), ('b')")
		if err := query.Exec(ctx, tenantdb.Bind(tx), fails); !errors.Is(err, tenantdb.ErrUnique) {
			t.Errorf("the statement: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := query.Many(t.Context(), tenantdb.Bind(db), query.Read("Kept", "x.sql", "SELECT name FROM tags"), scanText)
	if err != nil || len(kept) > 0 {
		t.Errorf("a call that failed has written %q, %v", kept, err)
	}
}
