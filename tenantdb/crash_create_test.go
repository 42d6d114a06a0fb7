package tenantdb_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// createOn creates tenants, several at once, telling of each.
func createOn(args []string) error {
	_, store, err := childStore[rich](args[0])
	if err != nil {
		return err
	}
	failed := make(chan error)
	for worker := range 3 {
		go func() {
			for i := 0; ; i++ {
				id, err := tenantdb.ParseID(fmt.Sprintf("%s-%d-%d", args[1], worker, i))
				if err == nil {
					err = store.Create(context.Background(), id)
				}
				if err != nil {
					failed <- err
					return
				}
				fmt.Println(id)
			}
		}()
	}
	return <-failed
}

func TestAProcessKilledWhileItCreatesLeavesWholeTenantsOnly(t *testing.T) {
	kills := 60
	if testing.Short() {
		kills = 8
	}
	folder := t.TempDir()
	acknowledged := map[string]bool{}
	for i := range kills {
		c := childtest.Start(t, "createOn", folder, fmt.Sprintf("r%d", i))
		for range rand.N(30) { // none: it may be killed while it makes the template
			acknowledged[c.Line(t)] = true
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // killed
	}
	store := openStore[rich](t, tenanttest.Dir(t, tenantdb.Options{Path: folder}))
	tenantdb.CreateByMigrating(t, store, tenanttest.ID(t, "migrated"))
	want := dump(t, filepath.Join(folder, "tenants", "migrated.db"))
	ids, err := store.Tenants(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	incarnations := map[string]string{}
	for _, id := range ids {
		path := filepath.Join(folder, "tenants", id.String()+".db")
		if got := dump(t, path); !slices.Equal(got, want) {
			t.Errorf("%v is not what the migrations make", id)
		}
		incarnation := ask(t, path, "SELECT tenant || incarnation FROM silo_file")
		name, random := incarnation[:len(id.String())], incarnation[len(id.String()):]
		if name != id.String() || incarnations[random] != "" {
			t.Errorf("%v says it is %s, incarnation %s as is %q", id, name, random, incarnations[random])
		}
		incarnations[random] = name
		delete(acknowledged, id.String())
	}
	if len(acknowledged) > 0 {
		t.Errorf("acknowledged and not there: %v", acknowledged)
	}
	t.Logf("%d kills, %d tenants, all whole", kills, len(ids))
}
