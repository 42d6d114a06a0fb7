// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/02_results_of_writes/want/gen"
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

	first, err := q.AddNote(ctx, gen.AddNoteParams{Slug: "a", Body: "x"})
	show("first", first, err)
	second, err := q.AddNote(ctx, gen.AddNoteParams{Slug: "b", Body: "y"})
	show("second", second, err)
	taken, err := q.AddNoteOnce(ctx, gen.AddNoteOnceParams{Slug: "a", Body: "z"})
	show("taken", taken, err)
	free, err := q.AddNoteOnce(ctx, gen.AddNoteOnceParams{Slug: "c", Body: "z"})
	show("free", free, err)
	nothing, err := q.CopyNotes(ctx, "nowhere")
	show("copied nothing", nothing, err)
	copied, err := q.CopyNotes(ctx, "a")
	show("copied", copied, err)
	_, err = q.AddNote(ctx, gen.AddNoteParams{Slug: "a", Body: "again"})
	fmt.Println("a constraint, no id:", errors.Is(err, tenantdb.ErrConstraint))
	updated := must(q.SetBody(ctx, gen.SetBodyParams{Body: "new", FirstID: 2}))
	rows, err := updated.RowsAffected()
	show("rows updated", rows, err)
	updatedID, err := updated.LastInsertId()
	show("inserted by an update", updatedID, err)
	put := must(q.PutNote(ctx, gen.PutNoteParams{Slug: "a", Body: "new"}))
	putRows, err := put.RowsAffected()
	show("rows put", putRows, err)
	putID, err := put.LastInsertId()
	show("inserted by put", putID, err)
	counted, err := q.CountNotes(ctx)
	show("counted", counted, err)
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
