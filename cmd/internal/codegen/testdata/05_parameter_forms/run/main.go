// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/05_parameter_forms/want/gen"
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

	at, err := q.At(ctx, "a")
	show("at", at, err)
	colon, err := q.Colon(ctx, "a")
	show("colon", colon, err)
	dollar, err := q.Dollar(ctx, "a")
	show("dollar", dollar, err)
	bare, err := q.Bare(ctx, gen.BareParams{Grp: "a", Score: 15})
	show("bare", bare, err)
	numbered, err := q.Numbered(ctx, gen.NumberedParams{Grp: "a", Score: 15})
	show("numbered", numbered, err)
	hit, err := q.BareBesideNamed(ctx, gen.BareBesideNamedParams{Score: 11, ID: 1, Grp: "a"})
	show("hit", hit, err)
	five, err := q.FiveTimes(ctx, 3)
	show("five times", five, err)
	list, err := q.ListThenNamed(ctx, gen.ListThenNamedParams{Ids: []int64{1, 2, 3}, Grp: "a", Below: 20})
	show("list then named", list, err)
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
