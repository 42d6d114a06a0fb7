// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/50_overrides_of_types/want/gen"
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

	made := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
	parent := "p-1"
	thing, err := q.AddThing(ctx, gen.AddThingParams{Uuid: "a-b", Body: []byte(`{"a":1}`), Made: made, Done: true, Ratio: 0.5})
	show("thing", thing, err)
	child, err := q.AddThing(ctx, gen.AddThingParams{Uuid: "c-d", Parent: &parent, Body: []byte("[]"), Made: made, Gone: &made})
	show("child", child, err)
	since, err := q.Since(ctx, gen.SinceParams{Since: made.Add(time.Second), Uuids: []string{"c-d"}})
	show("since", since, err)
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
