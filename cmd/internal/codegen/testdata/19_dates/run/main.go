// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/19_dates/want/gen"
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

	born := time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC)
	joined := born.AddDate(20, 0, 0)
	first, err := q.AddPerson(ctx, gen.AddPersonParams{Born: born, Died: &joined})
	show("first", []any{first.Born, first.Died, time.Since(*first.Joined) < 48*time.Hour}, err)
	n, err := q.AddPeople(ctx, []gen.AddPeopleParams{{Born: born.AddDate(1, 0, 0), Joined: &joined}, {Born: born.AddDate(2, 0, 0), Joined: &joined}})
	show("added", n, err)
	on, err := q.BornOn(ctx, "2000-02-28")
	show("born on a day", on, err)
	today, err := q.JoinedToday(ctx)
	show("joined today", today, err)
	between, err := q.Between(ctx, gen.BetweenParams{First: born, Last: born.AddDate(1, 0, 0)})
	show("between", between, err)
	among, err := q.Among(ctx, []time.Time{born, joined})
	show("among", among, err)
	youngest, err := q.Youngest(ctx)
	show("youngest", youngest, err)
	all, err := q.Joined(ctx)
	show("joined", all[:2], err)
	_, err = q.AddPerson(ctx, gen.AddPersonParams{Born: born.Add(time.Hour)})
	show("a time of day is refused", strings.Contains(err.Error(), "is not midnight in UTC"), nil)
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
