// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/47_text_outside_ascii/want/gen"
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

	for i, name := range []string{"Aachen", "Bünde", "Çeşme"} {
		check(q.AddStadt(ctx, gen.AddStadtParams{ID: int64(i + 1), Name: name, Größe: int64(10*i) + 10}))
	}
	for id := range int64(5) {
		row, err := q.GetStadt(ctx, id)
		if err == nil {
			show("stadt", row, nil)
		}
	}
	names, err := q.ListNot(ctx, gen.ListNotParams{Low: 15, High: 40, Other: "Çeşme"})
	show("names", names, err)
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
