// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/12_aggregates/want/gen"
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

	none, err := q.Totals(ctx)
	show("of none", none, err)
	zero, err := q.TotalOrZero(ctx)
	show("or zero", zero, err)
	at, rebate := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), 0.5
	check(q.AddSale(ctx, gen.AddSaleParams{Shop: "a", Cents: 100, Rebate: &rebate, At: at}))
	check(q.AddSale(ctx, gen.AddSaleParams{Shop: "a", Cents: 250, At: at.Add(time.Hour)}))
	check(q.AddSale(ctx, gen.AddSaleParams{Shop: "b", Cents: 1, At: at}))
	totals, err := q.Totals(ctx)
	show("totals", totals, err)
	some, err := q.TotalOrZero(ctx)
	show("or zero", some, err)
	shops, err := q.ByShop(ctx)
	show("by shop", shops, err)
	filtered, err := q.Filtered(ctx, gen.FilteredParams{Least: 50, Shop: "nowhere"})
	show("filtered", filtered, err)
	distinct, err := q.CountDistinct(ctx)
	show("distinct", distinct, err)
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
