// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/06_parameters_in_clauses/want/gen"
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

	at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	between, err := q.Between(ctx, gen.BetweenParams{Low: 10, High: 20, Other: "b"})
	show("between", between, err)
	times, err := q.BetweenTimes(ctx, gen.BetweenTimesParams{First: at, Last: at.AddDate(0, 0, 1)})
	show("between times", times, err)
	having, err := q.Having(ctx, 2)
	show("having", having, err)
	upsert, err := q.Upsert(ctx, gen.UpsertParams{ID: 1, Grp: "x", Score: 5, At: at, Added: 3, NewGrp: "c", Below: 100})
	show("upsert", upsert, err)
	_, err = q.Upsert(ctx, gen.UpsertParams{ID: 1, Grp: "x", Score: 5, At: at, Added: 3, NewGrp: "c", Below: 0})
	fmt.Println("upsert where nothing fits:", errors.Is(err, sql.ErrNoRows))
	byScore, err := q.OrderBy(ctx, "score")
	show("by score", byScore, err)
	byID, err := q.OrderBy(ctx, "id")
	show("by id", byID, err)
	page, err := q.Page(ctx, gen.PageParams{Size: 1, Start: 1})
	show("page", page, err)
	number, err := q.PageByNumber(ctx, gen.PageByNumberParams{Size: 2, Page: 2})
	show("page by number", number, err)
	join, err := q.Join(ctx, 15)
	show("join", join, err)
	sub, err := q.Subquery(ctx, "a")
	show("subquery", sub, err)
	values, err := q.Values(ctx, gen.ValuesParams{Grp: "z", At: at})
	show("values", values, err)
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
