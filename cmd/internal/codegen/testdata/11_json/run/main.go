// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/11_json/want/gen"
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

	first, err := q.AddDoc(ctx, gen.AddDocParams{Body: json.RawMessage(`{"city": "Köln", "size": 5}`), Extra: json.RawMessage(`[1]`)})
	show("first", first, err)
	second, err := q.AddDoc(ctx, gen.AddDocParams{Body: json.RawMessage(`{"city": null}`)})
	show("no extra", second, err)
	third, err := q.AddDoc(ctx, gen.AddDocParams{Body: json.RawMessage(`12`)})
	show("a number", third, err)
	arrows, err := q.Arrow(ctx)
	show("arrows", arrows, err)
	casts, err := q.Cast(ctx)
	show("casts", casts, err)
	in, err := q.InCity(ctx, "Köln")
	show("in city", in, err)
	made, err := q.Make(ctx, 1)
	show("made", made, err)
	grouped, err := q.Grouped(ctx)
	show("grouped", grouped, err)
	check(q.SetCity(ctx, gen.SetCityParams{City: "日本", Extra: `{"a": 1}`, ID: 1}))
	body, err := q.GetBody(ctx, 1)
	show("body", body, err)
	patched, err := q.Patched(ctx, 1)
	show("patched", patched, err)
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
