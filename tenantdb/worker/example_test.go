package worker_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/worker"
)

// exampleStore opens a store with the tenant acme, and returns a context of that.
func exampleStore() (ctx context.Context, store *tenant.Store, closeAll func()) {
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	ctx = context.Background()
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: folder})
	if err != nil {
		log.Fatal(err)
	}
	store, err = tenant.Open(ctx, dir)
	if err != nil {
		log.Fatal(err)
	}
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	if err := store.Create(ctx, id); err != nil {
		log.Fatal(err)
	}
	ctx, err = tenantdb.WithTenant(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	return ctx, store, func() {
		if err := errors.Join(dir.Close(), os.RemoveAll(folder)); err != nil {
			log.Fatal(err)
		}
	}
}

// A request leaves work behind, and is answered.
func ExamplePool_Submit() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	pool, err := worker.New(context.Background(), store, worker.Options{
		Failed: func(ctx context.Context, err error) { log.Print(err) },
	})
	if err != nil {
		log.Fatal(err)
	}
	request, end := context.WithCancel(ctx)
	err = pool.Submit(request, func(ctx context.Context, db *tenant.DB) error {
		modules, err := tenant.New(db).ListModules(ctx, nil)
		fmt.Println(len(modules), "modules")
		return err
	})
	if err != nil {
		log.Fatal(err) // worker.ErrFull: answer that the service is busy
	}
	end()
	if err := pool.Close(); err != nil { // before the Dir is closed
		log.Fatal(err)
	}
	// Output: 0 modules
}

// A queue's consumer waits for the end of the job, and then takes it off the queue.
func ExamplePool_Do() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	pool, err := worker.New(context.Background(), store, worker.Options{Tenants: 4})
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	err = pool.Do(ctx, func(context.Context, *tenant.DB) error { panic("a fault in this job") })
	var fault *worker.PanicError
	fmt.Println(errors.As(err, &fault), err)
	err = pool.Do(ctx, func(context.Context, *tenant.DB) error { return nil })
	fmt.Println(err)
	// Output:
	// true the work panicked: a fault in this job
	// <nil>
}

// A service has one pool, and closes it before the Dir.
func ExampleNew() {
	_, store, closeAll := exampleStore()
	defer closeAll()
	pool, err := worker.New(context.Background(), store, worker.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pool.Close())
	// Output: <nil>
}

// When the service stops: what was begun ends, and nothing new is taken.
func ExamplePool_Close() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	pool, err := worker.New(context.Background(), store, worker.Options{})
	if err != nil {
		log.Fatal(err)
	}
	done := false
	err = pool.Submit(ctx, func(context.Context, *tenant.DB) error { done = true; return nil })
	fmt.Println(err, pool.Close(), done)
	err = pool.Submit(ctx, func(context.Context, *tenant.DB) error { return nil })
	fmt.Println(errors.Is(err, worker.ErrClosed))
	// Output:
	// <nil> <nil> true
	// true
}
