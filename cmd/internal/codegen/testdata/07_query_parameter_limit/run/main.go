// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/07_query_parameter_limit/want/gen/four"
	"github.com/silokit/silo/cmd/internal/codegen/testdata/07_query_parameter_limit/want/gen/one"
	"github.com/silokit/silo/cmd/internal/codegen/testdata/07_query_parameter_limit/want/gen/zero"
	"github.com/silokit/silo/tenantdb"
)

func main() {
	ctx := context.Background()
	dir := must(tenantdb.Open(ctx, tenantdb.Options{Path: os.Args[1]}))
	defer func() { check(dir.Close()) }()

	ctx0, db0 := create(ctx, must(zero.Open(ctx, dir)), "zero")
	added0, err := zero.New(db0).AddPoint(ctx0, zero.AddPointParams{X: 1, Y: 2})
	show("limit 0", added0, err)
	got0, err := zero.New(db0).GetPoint(ctx0, zero.GetPointParams{ID: 1})
	show("limit 0", got0, err)
	ctx1, db1 := create(ctx, must(one.Open(ctx, dir)), "one")
	added1, err := one.New(db1).AddPoint(ctx1, one.AddPointParams{X: 1, Y: 2})
	show("limit 1", added1, err)
	got1, err := one.New(db1).GetPoint(ctx1, 1)
	show("limit 1", got1, err)
	ctx4, db4 := create(ctx, must(four.Open(ctx, dir)), "four")
	added4, err := four.New(db4).AddPoint(ctx4, 1, 2)
	show("limit 4", added4, err)
	got4, err := four.New(db4).GetPoint(ctx4, 1)
	show("limit 4", got4, err)
}

// create makes a tenant of its own for a package, and returns a handle on it.
func create[S tenantdb.TenantSchema](ctx context.Context, store *tenantdb.Store[S], name string) (context.Context, *tenantdb.TenantDB[S]) {
	id := must(tenantdb.ParseID(name))
	check(store.Create(ctx, id))
	ctx = must(tenantdb.WithTenant(ctx, id))
	return ctx, must(store.Resolve(ctx))
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
