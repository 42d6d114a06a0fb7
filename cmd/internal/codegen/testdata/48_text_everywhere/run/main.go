// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/48_text_everywhere/want/gen"
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

	smile := "🙂"
	first, err := q.Add(ctx, gen.AddParams{Nihongo: "七", Smile: &smile})
	show("first", first, err)
	second, err := q.Add(ctx, gen.AddParams{Nihongo: "八"})
	show("second", second, err)
	got, err := q.Get(ctx, gen.GetParams{ID: 2, MindestGröße: 0.5})
	show("the right one", got, err)
	in, err := q.In(ctx, gen.InParams{Nihon: []string{"七", "八"}, Bis: 2})
	show("in", in, err)
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
