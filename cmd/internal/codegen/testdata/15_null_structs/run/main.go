// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/15_null_structs/want/gen"
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

	none, err := q.AddPerson(ctx, gen.AddPersonParams{})
	show("nothing known", none, err)
	all, err := q.AddPerson(ctx, gen.AddPersonParams{
		Name:  sql.Null[string]{V: "Ann", Valid: true},
		Age:   sql.Null[int64]{V: 40, Valid: true},
		Size:  sql.Null[float64]{V: 1.7, Valid: true},
		Born:  sql.Null[time.Time]{V: time.Date(1986, 1, 2, 0, 0, 0, 0, time.UTC), Valid: true},
		Alive: sql.Null[bool]{V: true, Valid: true},
		Photo: []byte{1},
		Extra: json.RawMessage(`{}`),
	})
	show("all known", all, err)
	oldest, err := q.OldestAge(ctx)
	show("oldest", oldest, err)
	named, err := q.Named(ctx, sql.Null[string]{})
	show("of no name", named, err)
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
