// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/18_comments/want/gen"
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

	sums, err := q.SumByDay(ctx, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	show("sums", sums, err)
	block, err := q.Block(ctx, 1)
	show("block", block, err)
	all, err := q.Nullable(ctx, nil)
	show("no day", all, err)
	day := "2026-01-03"
	none, err := q.Nullable(ctx, &day)
	show("another day", none, err)
	bare, err := q.Bare(ctx, 5)
	show("bare", bare, err)
	whole, err := q.Whole(ctx, 1)
	show("whole", whole, err)
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
