// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/28_session_functions/want/gen"
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

	_, err := q.LastByView(ctx)
	fmt.Println("by a view, outside Write:", err)
	fmt.Println("a write, outside Write:", q.AddReply(ctx))
	_, err = q.LastNote(ctx)
	fmt.Println("outside Write, refused:", err != nil)
	_, err = q.AddDefaultReply(ctx)
	fmt.Println("a default that asks:", err != nil)
	fmt.Println("a trigger that asks:", q.RemoveReply(ctx, 1) != nil)
	fmt.Println("a trigger that asks, of rows that go along:", q.RemoveThread(ctx, 1) != nil)
	check(q.AddCopy(ctx))
	copied, err := q.CopiedFrom(ctx)
	show("a trigger that asks of its own row", copied, err)
	check(gen.Write(ctx, db, func(ctx context.Context, q *gen.Queries) error {
		check(q.AddNote(ctx, "first"))
		note, err := q.LastNote(ctx)
		show("last", note, err)
		changed, err := q.Changed(ctx)
		show("changed", changed, err)
		check(q.AddReply(ctx))
		note, err = q.LastNote(ctx)
		show("reply", note, err)
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
