package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// exampleStore opens a new data folder with the tenant acme in it.
func exampleStore() (ctx context.Context, store *tenant.Store, closeAll func()) {
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: folder})
	if err != nil {
		log.Fatal(err)
	}
	store, err = tenant.Open(context.Background(), dir)
	if err != nil {
		log.Fatal(err)
	}
	acme, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	if err := store.Create(context.Background(), acme); err != nil {
		log.Fatal(err)
	}
	ctx, err = tenantdb.WithTenant(context.Background(), acme)
	if err != nil {
		log.Fatal(err)
	}
	return ctx, store, func() {
		if err := errors.Join(dir.Close(), os.RemoveAll(folder)); err != nil {
			log.Fatal(err)
		}
	}
}

func Example() {
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)

	// Once, at the start of the program.
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: folder})
	if err != nil {
		log.Fatal(err)
	}
	defer dir.Close()
	store, err := tenant.Open(context.Background(), dir)
	if err != nil {
		log.Fatal(err)
	}

	// When a customer signs up.
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	if err := store.Create(context.Background(), id); err != nil {
		log.Fatal(err)
	}

	// For each request: the tenant into the context, the handle out of it.
	ctx, err := tenantdb.WithTenant(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	db, err := store.Resolve(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if err := tenant.New(db).SetConfig(ctx, tenant.SetConfigParams{Key: "language", Value: "de"}); err != nil {
		log.Fatal(err)
	}
	row, err := tenant.New(db).GetConfig(ctx, "language")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(row.Value)
	// Output: de
}

func ExampleParseID() {
	id, err := tenantdb.ParseID("acme")
	fmt.Println(id, err)
	_, err = tenantdb.ParseID("../globex")
	fmt.Println(errors.Is(err, tenantdb.ErrBadID))
	// Output:
	// acme <nil>
	// true
}

func ExampleWithTenant() {
	acme, _ := tenantdb.ParseID("acme")
	globex, _ := tenantdb.ParseID("globex")
	ctx, err := tenantdb.WithTenant(context.Background(), acme)
	fmt.Println(err)
	_, err = tenantdb.WithTenant(ctx, globex)
	fmt.Println(errors.Is(err, tenantdb.ErrTenantRebound))
	// Output:
	// <nil>
	// true
}

func ExampleTenantFrom() {
	acme, _ := tenantdb.ParseID("acme")
	ctx, _ := tenantdb.WithTenant(context.Background(), acme)
	id, ok := tenantdb.TenantFrom(ctx)
	fmt.Println(id, ok)
	// Output: acme true
}

func ExampleOpen() {
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{
		Path:       folder,
		MaxOpen:    200,           // of thousands of tenants, those in use
		Durability: tenantdb.Full, // not even loss of power undoes a commit
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(dir.Stats().Limit)
	if err := dir.Close(); err != nil {
		log.Fatal(err)
	}
	// Output: 200
}

func ExampleStore_Resolve() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	db, err := store.Resolve(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(db.Tenant())
	_, err = store.Resolve(context.Background())
	fmt.Println(errors.Is(err, tenantdb.ErrNoTenant))
	// Output:
	// acme
	// true
}

func ExampleStore_Create() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	err := store.Create(ctx, acme)
	fmt.Println(errors.Is(err, tenantdb.ErrTenantExists))
	// Output: true
}

func ExampleStore_Tenants() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	ids, err := store.Tenants(ctx)
	fmt.Println(ids, err)
	// Output: [acme] <nil>
}

func ExampleStore_Delete() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	if err := store.Delete(ctx, acme); err != nil {
		log.Fatal(err)
	}
	_, err := store.Resolve(ctx)
	fmt.Println(errors.Is(err, tenantdb.ErrUnknownTenant))
	// Output: true
}

func ExampleTenantDB_Write() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	db, err := store.Resolve(ctx)
	if err != nil {
		log.Fatal(err)
	}
	// Generated packages have this as tenant.Write, with the Queries made.
	err = db.Write(ctx, func(ctx context.Context, tx *tenant.Tx) error {
		q := tenant.New(tx)
		if err := q.SetConfig(ctx, tenant.SetConfigParams{Key: "language", Value: "de"}); err != nil {
			return err
		}
		return q.SetConfig(ctx, tenant.SetConfigParams{Key: "timezone", Value: "Europe/Berlin"})
	})
	if err != nil {
		log.Fatal(err)
	}
	row, err := tenant.New(db).GetConfig(ctx, "timezone")
	fmt.Println(row.Value, err)
	// Output: Europe/Berlin <nil>
}

func ExampleTenantDB_Read() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	db, err := store.Resolve(ctx)
	if err != nil {
		log.Fatal(err)
	}
	// Both queries see the same state, whatever is written meanwhile.
	err = db.Read(ctx, func(ctx context.Context, tx *tenant.ReadTx) error {
		q := tenant.NewReader(tx)
		modules, err := q.ListModules(ctx, nil) // those switched on and those off
		if err != nil {
			return err
		}
		entries, err := q.ListConfig(ctx)
		fmt.Println(len(modules), len(entries))
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: 0 0
}

func ExampleSafeToRetry() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	db, err := store.Resolve(ctx)
	if err != nil {
		log.Fatal(err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	err = tenant.New(db).SetConfig(ended, tenant.SetConfigParams{Key: "language", Value: "de"})
	fmt.Println(err != nil, tenantdb.SafeToRetry(err))
	// Output: true true
}

func ExampleGlobalDB() {
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: folder})
	if err != nil {
		log.Fatal(err)
	}
	defer dir.Close()
	db, err := global.Open(context.Background(), dir)
	if err != nil {
		log.Fatal(err)
	}
	plans, err := global.New(db).ListPlans(context.Background())
	fmt.Println(len(plans), err)
	// Output: 0 <nil>
}

func ExampleGlobalDB_Version() {
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	ctx := context.Background()
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: folder})
	if err != nil {
		log.Fatal(err)
	}
	defer dir.Close()
	db, err := global.Open(ctx, dir)
	if err != nil {
		log.Fatal(err)
	}
	// First the version, then what is read: that is of this version or of a later one.
	version, err := db.Version(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := global.New(db).ListPlans(ctx); err != nil {
		log.Fatal(err)
	}
	now, err := db.Version(ctx)
	fmt.Println("read again:", now != version || !now.Known(), err)
	// Output: read again: false <nil>
}

// maintenance is a gate that lets tenants be read while files are moved.
type maintenance struct{}

func (maintenance) Admit(context.Context, tenantdb.ID) (tenantdb.Admission, error) {
	return tenantdb.Admission{ReadOnly: errors.New("the service is being moved, try again in an hour")}, nil
}

func ExampleDir_SetGate() {
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: folder})
	if err != nil {
		log.Fatal(err)
	}
	defer dir.Close()
	store, err := tenant.Open(context.Background(), dir)
	if err != nil {
		log.Fatal(err)
	}
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	if err := store.Create(context.Background(), id); err != nil {
		log.Fatal(err)
	}
	ctx, err := tenantdb.WithTenant(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	dir.SetGate(maintenance{})
	db, err := store.Resolve(ctx)
	if err != nil {
		log.Fatal(err)
	}
	_, err = tenant.New(db).ListConfig(ctx)
	fmt.Println("read:", err)
	err = tenant.New(db).SetConfig(ctx, tenant.SetConfigParams{Key: "theme", Value: "dark"})
	var why *tenantdb.Error
	if errors.As(err, &why) {
		fmt.Println("write:", why.Err)
	}
	// Output:
	// read: <nil>
	// write: the service is being moved, try again in an hour
}
