// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/39_upsert/want/gen"
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

	note := "again"
	first, err := q.Count(ctx, gen.CountParams{Name: "a", N: 1, Note: &note})
	show("first", first, err)
	second, err := q.Count(ctx, gen.CountParams{Name: "a", N: 2, Note: &note})
	show("second", second, err)
	code := int64(7)
	coded, err := q.Several(ctx, gen.SeveralParams{Name: "a", Code: &code})
	show("coded", coded, err)
	taken, err := q.Several(ctx, gen.SeveralParams{Name: "b", Code: &code})
	show("taken", taken, err)
	copied, err := q.CopyCounters(ctx, "2")
	show("copied", copied, err)
	check(q.PutOr(ctx, gen.PutOrParams{Name: "a", N: 9}))
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
