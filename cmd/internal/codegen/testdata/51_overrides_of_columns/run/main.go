// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/51_overrides_of_columns/kind"
	"github.com/silokit/silo/cmd/internal/codegen/testdata/51_overrides_of_columns/want/gen"
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

	admin := kind.Admin
	user, err := q.AddUser(ctx, gen.AddUserParams{
		Kind: kind.Admin, MaybeKind: &admin, Settings: json.RawMessage(`{"a": 1}`), Photo: []byte("p"), Level: 3, Anything: 1.5,
	})
	show("user", user, err)
	guest, err := q.AddUser(ctx, gen.AddUserParams{Kind: kind.Guest, Settings: json.RawMessage(`1`), Photo: []byte{}})
	show("guest", guest, err)
	of, err := q.OfKind(ctx, kind.Admin)
	show("of kind", of, err)
	ofKinds, err := q.OfKinds(ctx, []kind.Kind{kind.Guest})
	show("of kinds", ofKinds, err)
	kinds, err := q.Kinds(ctx)
	show("kinds", kinds, err)
	first, err := q.FirstKind(ctx)
	show("first", first, err)
	levels, err := q.KindsOfLevels(ctx, gen.KindsOfLevelsParams{Least: 1, Kind: kind.Admin})
	show("kinds of levels", levels, err)
	check(q.SetLevel(ctx, 1<<40))
	_, err = q.OfKindWhole(ctx, kind.Admin)
	fmt.Println("a level that int32 cannot hold is an error:", err != nil)
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
