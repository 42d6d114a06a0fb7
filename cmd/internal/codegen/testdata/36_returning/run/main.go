// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/36_returning/want/gen"
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

	note, err := q.AddNote(ctx, gen.AddNoteParams{Body: "abc", Tag: "t"})
	show("note", note, err)
	two, err := q.AddTwo(ctx, gen.AddTwoParams{First: "x", Second: "yz"})
	show("two", two, err)
	short, err := q.Shorten(ctx, 2)
	show("short", short, err)
	removed, err := q.Remove(ctx, 1)
	show("removed", removed, err)
	_, err = q.Remove(ctx, 1)
	fmt.Println("removed again:", errors.Is(err, sql.ErrNoRows))
	replaced, err := q.Replace(ctx, gen.ReplaceParams{ID: 2, Body: "new"})
	show("replaced", replaced, err)
	tagged, err := q.Tag(ctx, gen.TagParams{ID: 2})
	show("tagged", tagged, err)
	untagged, err := q.Untag(ctx, tagged)
	show("untagged", untagged, err)
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
