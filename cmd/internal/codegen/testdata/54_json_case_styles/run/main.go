// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/54_json_case_styles/want/gen/camel"
	"github.com/silokit/silo/cmd/internal/codegen/testdata/54_json_case_styles/want/gen/none"
	"github.com/silokit/silo/cmd/internal/codegen/testdata/54_json_case_styles/want/gen/pascal"
	"github.com/silokit/silo/cmd/internal/codegen/testdata/54_json_case_styles/want/gen/snake"
	"github.com/silokit/silo/cmd/internal/codegen/testdata/54_json_case_styles/want/gen/upper"
	"github.com/silokit/silo/tenantdb"
)

func main() {
	ctx := context.Background()
	dir := must(tenantdb.Open(ctx, tenantdb.Options{Path: os.Args[1]}))
	defer func() { check(dir.Close()) }()

	camelCtx, camelDB := create(ctx, must(camel.Open(ctx, dir)), "camel")
	camelUser, err := camel.New(camelDB).GetUser(camelCtx, 1)
	show("camel", camelUser, err)
	upperCtx, upperDB := create(ctx, must(upper.Open(ctx, dir)), "upper")
	upperUser, err := upper.New(upperDB).GetUser(upperCtx, 1)
	show("camel, ID", upperUser, err)
	pascalCtx, pascalDB := create(ctx, must(pascal.Open(ctx, dir)), "pascal")
	pascalUser, err := pascal.New(pascalDB).GetUser(pascalCtx, 1)
	show("pascal", pascalUser, err)
	snakeCtx, snakeDB := create(ctx, must(snake.Open(ctx, dir)), "snake")
	snakeUser, err := snake.New(snakeDB).GetUser(snakeCtx, 1)
	show("snake", snakeUser, err)
	noneCtx, noneDB := create(ctx, must(none.Open(ctx, dir)), "none")
	noneUser, err := none.New(noneDB).GetUser(noneCtx, 1)
	show("none", noneUser, err)
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
