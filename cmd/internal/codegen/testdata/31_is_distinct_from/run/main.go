// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/31_is_distinct_from/want/gen"
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

	bo := "bo"
	other, err := q.Other(ctx, &bo)
	show("other than bo", other, err)
	named, err := q.Other(ctx, nil)
	show("other than NULL", named, err)
	same, err := q.Same(ctx, nil)
	show("same as NULL", same, err)
	is, err := q.Is(ctx, gen.IsParams{Nick: &bo, Age: 40})
	show("is", is, err)
	changed, err := q.Changed(ctx, gen.ChangedParams{Nick: &bo, ID: 1})
	show("changed", changed, err)
	again, err := q.Changed(ctx, gen.ChangedParams{Nick: &bo, ID: 1})
	show("again", again, err)
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
