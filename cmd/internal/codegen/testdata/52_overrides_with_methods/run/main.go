// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/52_overrides_with_methods/money"
	"github.com/silokit/silo/cmd/internal/codegen/testdata/52_overrides_with_methods/want/gen"
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

	limit := money.Cents(50000)
	first, err := q.AddAccount(ctx, gen.AddAccountParams{ID: money.ID{1}, Balance: 1205, LimitTo: &limit, State: money.Open})
	show("first", first, err)
	second, err := q.AddAccount(ctx, gen.AddAccountParams{ID: money.ID{2}, Balance: 7})
	show("second", second, err)
	got, err := q.GetAccount(ctx, money.ID{1})
	show("got", got, err)
	balances, err := q.WithBalances(ctx, []money.Cents{7, 8})
	show("balances", balances, err)
	ids, err := q.WithIDs(ctx, []money.ID{{1}})
	show("ids", ids, err)
	check(q.Spoil(ctx, money.ID{2}))
	_, err = q.GetAccount(ctx, money.ID{2})
	fmt.Println("what it cannot read is an error:", strings.Contains(err.Error(), "column balance: Scan of type money.Cents"))
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
