package tenantdb_test

import (
	"bufio"
	"context"
	"os"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
)

// children are what the tests' other processes do, to be raced with and killed.
var children = map[string]func(args []string) error{
	"resolve":       resolveMany,
	"hold":          hold,
	"holdLock":      holdLock,
	"migrateSlowly": migrateSlowly,
	"writeOn":       writeOn,
	"takeOrders":    takeOrders,
	"stress":        stress,
	"writeTogether": writeTogether,
	"createOn":      createOn,
	"writeOnly":     writeOnly,
	"writeInTurns":  writeInTurns,
}

func TestMain(m *testing.M) { childtest.Main(m, children, systemChildren) }

// waitForInput waits until the parent lets the child go on.
func waitForInput() { _, _ = bufio.NewReader(os.Stdin).ReadString('\n') }

// patience is for how long calls wait for one another where how long that may be is not what a
// test is about. Processes that write at once are not served in order, and any of them may be
// without a processor for seconds.
const patience = time.Minute

// childStore opens the folder in a child.
func childStore[S tenantdb.TenantSchema](folder string) (*tenantdb.Dir, *tenantdb.Store[S], error) {
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: folder, Wait: patience})
	if err != nil {
		return nil, nil, err
	}
	store, err := tenantdb.OpenStore[S](context.Background(), dir)
	return dir, store, err
}

// childTenant resolves a tenant in a child.
func childTenant[S tenantdb.TenantSchema](store *tenantdb.Store[S], name string) (context.Context, *tenantdb.TenantDB[S], error) {
	id, err := tenantdb.ParseID(name)
	if err != nil {
		return nil, nil, err
	}
	ctx, err := tenantdb.WithTenant(context.Background(), id)
	if err != nil {
		return nil, nil, err
	}
	db, err := store.Resolve(ctx)
	return ctx, db, err
}
