// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/08_types/want/gen"
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

	yes, price, day := true, 0.5, "2026-02-03"
	at := time.Date(2026, 2, 3, 4, 5, 6, 789e6, time.FixedZone("", 3600))
	full, err := q.AddSample(ctx, gen.AddSampleParams{
		Flag: true, Maybe: &yes, At: at, MaybeAt: &at, Day: &day, Big: 1 << 40, Price: 2, MaybePrice: &price,
		Code: "c", Data: []byte{1}, MaybeData: []byte{},
	})
	show("full", full, err)
	bare, err := q.AddSample(ctx, gen.AddSampleParams{At: at.Add(time.Hour), Data: []byte{}})
	show("bare", bare, err)
	since, err := q.ListSince(ctx, at.Add(-time.Second))
	show("since", since, err)
	latest, err := q.Latest(ctx)
	show("latest", latest, err)
	next, err := q.NextDay(ctx, 1)
	show("next day", next, err)
	flags, err := q.Flags(ctx)
	show("flags", flags, err)
	title, body := "one", "the quick brown fox"
	check(q.AddDoc(ctx, gen.AddDocParams{Title: &title, Body: &body}))
	docs, err := q.SearchDocs(ctx, "brown")
	show("docs", docs, err)
	json, err := q.JSON(ctx)
	show("json", json, err)
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
