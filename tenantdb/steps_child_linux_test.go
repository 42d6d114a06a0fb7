package tenantdb_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
)

// The operations on files, by name, as a process runs one on the folder root/data, of which
// the tenant is acme.
var operations = map[string]func(store *tenantdb.Store[notes], root string) error{
	"create": func(store *tenantdb.Store[notes], _ string) error {
		return store.Create(context.Background(), idOf("globex"))
	},
	"delete": func(store *tenantdb.Store[notes], _ string) error {
		return store.Delete(context.Background(), idOf("acme"))
	},
	"snapshot": func(store *tenantdb.Store[notes], root string) error {
		_, err := store.Snapshot(context.Background(), idOf("acme"), filepath.Join(root, "copy.db"), tenantdb.SnapshotOptions{})
		return err
	},
	"adopt": func(store *tenantdb.Store[notes], root string) error {
		_, err := store.Adopt(context.Background(), idOf("globex"), tenantdb.Source{Path: filepath.Join(root, "source.db")})
		return err
	},
	"restore": func(store *tenantdb.Store[notes], root string) error {
		return store.Restore(context.Background(), idOf("acme"), tenantdb.Source{Path: filepath.Join(root, "source.db")})
	},
	"retire": func(store *tenantdb.Store[notes], _ string) error {
		_, err := store.Retire(context.Background(), idOf("acme"))
		return err
	},
	"reinstate": func(store *tenantdb.Store[notes], _ string) error { return eachRetired(store, store.Reinstate) },
	"purge":     func(store *tenantdb.Store[notes], _ string) error { return eachRetired(store, store.Purge) },
	"erase": func(store *tenantdb.Store[notes], _ string) error {
		_, err := store.Erase(context.Background(), idOf("acme"))
		return err
	},
}

// eachRetired does something with every retired file; none is an error.
func eachRetired(store *tenantdb.Store[notes], f func(context.Context, tenantdb.Retired) error) error {
	list, err := store.Retired(context.Background())
	if err == nil && len(list) == 0 {
		err = tenantdb.ErrNotRetired
	}
	for _, r := range list {
		if err == nil {
			err = f(context.Background(), r)
		}
	}
	return err
}

// operate runs an operation and kills its own process before the nth step: of SQLite on a
// file, or of the operation's own.
func operate(args []string) error {
	root, name := args[0], args[1]
	n, err := strconv.ParseInt(args[2], 10, 64)
	if err != nil {
		return err
	}
	var steps atomic.Int64
	plan := sqlitefault.Below(childtest.NoTest{}, root)
	dir, store, err := childStore[notes](filepath.Join(root, "data"))
	if err != nil {
		return err
	}
	step := func(string) {
		if steps.Add(1) == n {
			childtest.Die()
		}
	}
	plan.Each(func() { step("") })
	tenantdb.OnFileStep(dir, step)
	err = operations[name](store, root)
	fmt.Println(steps.Load())
	return err
}
