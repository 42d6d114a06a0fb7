// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/20_lists/want/gen"
	"github.com/silokit/silo/tenantdb"
)

func main() {
	ctx := context.Background()
	dir := must(tenantdb.Open(ctx, tenantdb.Options{Path: os.Args[1]}))
	defer func() { check(dir.Close()) }()
	store := must(gen.Open(ctx, dir))
	id := must(tenantdb.ParseID("acme"))
	check(store.Create(ctx, id))
	ctx = must(tenantdb.WithTenant(ctx, id))
	db := must(store.Resolve(ctx))
	q := gen.New(db)

	ids, err := q.ByIDs(ctx, gen.ByIDsParams{Ids: []int64{1, 2, 4}, Before: "d", After: 1})
	show("2", ids, err)
	ids, err = q.ByNames(ctx, []string{"a", "d", `"`, "'"})
	show("1 4", ids, err)
	ids, err = q.ByNames(ctx, nil)
	show("none", ids, err)
	ids, err = q.NotByIDs(ctx, []int64{2})
	show("1 3 4", ids, err)
	ids, err = q.NotByIDs(ctx, nil)
	show("all", ids, err)
	ids, err = q.ByOwners(ctx, gen.ByOwnersParams{Owners: []string{"y"}, Ids: []int64{1}, Name: "c"})
	show("1 3 4", ids, err)
	n, err := q.DeleteByIDs(ctx, []int64{1, 2, 3})
	show("deleted", n, err)
}

// show prints a result, pointers as what they point to.
func show(what string, v any, err error) {
	if err != nil {
		fmt.Printf("%s: error: %v\n", what, err)
		return
	}
	out, err := json.Marshal(v)
	check(err)
	fmt.Printf("%s: %s\n", what, out)
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
