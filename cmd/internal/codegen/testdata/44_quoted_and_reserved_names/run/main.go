// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/44_quoted_and_reserved_names/want/gen"
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

	word := "w"
	s, err := q.AddS(ctx, gen.AddSParams{Type: "t", Select: &word, Range: &word})
	show("s", s, err)
	typ, err := q.Type(ctx, 1)
	show("type", typ, err)
	list, err := q.ListS(ctx, "w")
	show("list", list, err)
	order, err := q.AddOrder(ctx, "here")
	show("order", order, err)
	orders, err := q.Orders(ctx)
	show("orders", orders, err)
	row, err := q.AddRow(ctx, gen.AddRowParams{Err: "e", Q: &word})
	show("row", row, err)
	count, err := q.String(ctx, "e")
	show("string", count, err)
	nils, err := q.Nil(ctx)
	show("nil", nils, err)
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
