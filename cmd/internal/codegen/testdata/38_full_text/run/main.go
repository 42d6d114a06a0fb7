// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/38_full_text/want/gen"
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

	found, err := q.Search(ctx, "quick OR nothing")
	show("found", found, err)
	table, err := q.SearchTable(ctx, "the")
	show("as a function", table, err)
	title, err := q.SearchTitle(ctx, "dogs")
	show("in titles", title, err)
	for _, weight := range []float64{1, math.Inf(1)} {
		weighed, err := q.Weighed(ctx, gen.WeighedParams{OfTitle: weight, Query: "dogs"})
		show("weighed", weighed, err)
	}
	newTitle, newBody := "cats", "nine lives"
	docID, err := q.AddDoc(ctx, gen.AddDocParams{Title: &newTitle, Body: &newBody})
	show("id", docID, err)
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
