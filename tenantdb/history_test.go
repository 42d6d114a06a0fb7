package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb"
)

// writeOnly writes to one tenant, creating it if need be, and tells of each
// acknowledgement, until it is killed.
func writeOnly(args []string) error {
	_, store, err := childStore[notes](args[0])
	if err != nil {
		return err
	}
	id, err := tenantdb.ParseID(args[1])
	if err != nil {
		return err
	}
	if err := store.Create(context.Background(), id); err != nil && !errors.Is(err, tenantdb.ErrTenantExists) {
		return err
	}
	ctx, db, err := childTenant(store, args[1])
	for i := 0; err == nil; i++ {
		if err = add(ctx, db, fmt.Sprint("child ", i)); err == nil {
			fmt.Println(i)
		}
	}
	return err
}

// endingContext ends once it was looked at so many times.
type endingContext struct {
	context.Context
	mu   sync.Mutex
	left int
}

func (c *endingContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func (c *endingContext) Done() <-chan struct{} {
	if c.Err() == nil {
		return nil
	}
	done := make(chan struct{})
	close(done)
	return done
}

// idOf is tenanttest.ID for a process that is no test.
func idOf(name string) tenantdb.ID {
	id, err := tenantdb.ParseID(name)
	if err != nil {
		panic(err)
	}
	return id
}

// plainTemp is t.TempDir by a path without links, which are refused in the path of a source.
func plainTemp(t testing.TB) string {
	t.Helper()
	path, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return path
}
