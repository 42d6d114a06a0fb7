// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/01_commands/want/gen"
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

	pages := int64(80)
	show("add", must(q.AddBook(ctx, gen.AddBookParams{Title: "Momo", Pages: &pages})), nil)
	show("add", must(q.AddBook(ctx, gen.AddBookParams{Title: "Emil"})), nil)
	book, err := q.GetBook(ctx, 1)
	show("get", book, err)
	_, err = q.GetBook(ctx, 9)
	fmt.Println("get 9, no rows:", errors.Is(err, sql.ErrNoRows))
	titles, err := q.ListTitles(ctx)
	show("titles", titles, err)
	short, err := q.ListShort(ctx, 100)
	show("short", short, err)
	rating := 4.5
	rated, err := q.Rate(ctx, gen.RateParams{Rating: &rating, Pattern: "M%"})
	show("rated", rated, err)
	all, err := q.FindBooks(ctx, gen.FindBooksParams{MaxRows: 10})
	show("all", all, err)
	title := "Momo"
	found, err := q.FindBooks(ctx, gen.FindBooksParams{Title: &title, Pages: &pages, MaxRows: 10})
	show("found", found, err)
	check(gen.Write(ctx, db, func(ctx context.Context, q *gen.Queries) error { return q.Clear(ctx) }))
	check(gen.Read(ctx, db, func(ctx context.Context, q *gen.Reader) error {
		left, err := q.ListTitles(ctx)
		show("left", left, err)
		return nil
	}))
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
