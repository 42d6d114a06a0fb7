// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/21_lists_beside_parameters/want/gen"
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

	first, err := q.ListFirst(ctx, gen.ListFirstParams{Ids: []int64{1, 2, 4}, Before: "c"})
	show("first", first, err)
	between, err := q.ListBetween(ctx, gen.ListBetweenParams{Least: 1, Ids: []int64{1, 2, 3, 4}, Most: 4})
	show("between", between, err)
	last, err := q.ListLast(ctx, gen.ListLastParams{Least: 1, Ids: []int64{1, 2, 3, 4}, MaxRows: 2})
	show("last", last, err)
	three, err := q.ThreeLists(ctx, gen.ThreeListsParams{Ids: []int64{3}, Names: []string{"a"}, Owners: []string{"y"}})
	show("three", three, err)
	twice, err := q.SameListTwice(ctx, []int64{1, 3})
	show("twice", twice, err)
	both, err := q.InAndNotIn(ctx, gen.InAndNotInParams{These: []int64{1, 2}, But: []int64{2}})
	show("in and not in", both, err)
	empty, err := q.InAndNotIn(ctx, gen.InAndNotInParams{But: []int64{2}})
	show("in nothing", empty, err)
	all, err := q.InAndNotIn(ctx, gen.InAndNotInParams{These: []int64{1, 2}})
	show("not in nothing", all, err)
	owners, err := q.NoOwners(ctx, []string{"x"})
	show("owners", owners, err)
	nobody, err := q.NoOwners(ctx, nil)
	show("nobody", nobody, err)
	set, err := q.SetSize(ctx, gen.SetSizeParams{Size: 2, Ids: []int64{1, 2}})
	show("set", set, err)
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
