// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/04_parameters/want/gen"
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

	ids, err := q.Between(ctx, gen.BetweenParams{Low: 15, High: 30})
	show("2 3", ids, err)
	ids, err = q.BareBetween(ctx, gen.BareBetweenParams{FromScore: 1, ToScore: 35, Grp: "a", Limit: 1, Offset: 1})
	show("2", ids, err)
	ids, err = q.Numbered(ctx, gen.NumberedParams{Score: 35, Grp: "b"})
	show("4", ids, err)
	ids, err = q.SameTwice(ctx, 10)
	show("1", ids, err)
	groups, err := q.Having(ctx, gen.HavingParams{Least: 30, Count: 2})
	show("b", groups, err)
	note := "new"
	row, err := q.Upsert(ctx, gen.UpsertParams{ID: 1, Grp: "z", Score: 5, Note: &note, Added: 3, LimitScore: 100})
	show("13 new", row, err)
	ids, err = q.OrderedBy(ctx, true)
	show("4 3 2 1", ids, err)
	n, err := q.Add(ctx, gen.AddParams{Delta: 1, Weight: 0.5, First: 1, Second: 2})
	show("2", n, err)
	ids, err = q.Page(ctx, gen.PageParams{Score: 21, ID: 1, MaxRows: 2})
	show("2 3", ids, err)
	check(q.Patch(ctx, gen.PatchParams{ID: 3, Note: &note}))
	ids, err = q.NoteIs(ctx, &note)
	show("1 3", ids, err)
	check(q.Copy(ctx, gen.CopyParams{Grp: "c", ID: 4}))
	ids, err = q.NoteIs(ctx, nil)
	show("5", ids, err)
	shifted, err := q.Shifted(ctx, gen.ShiftedParams{A: 1, B: 2, C: "c", D: "x"})
	show("3 c! true", shifted, err)
	ids, err = q.Since(ctx, gen.SinceParams{Mod: "-1 day", Least: 3})
	show("1 3", ids, err)
	ids, err = q.WeakLiteral(ctx, 1.5)
	show("none", ids, err)
	ids, err = q.OnlyLiteral(ctx, 1)
	show("1 2 3 4 5", ids, err)
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
