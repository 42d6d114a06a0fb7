// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/09_times/want/gen"
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

	came := time.Date(2026, 3, 4, 5, 6, 7, 891234567, time.FixedZone("", 2*3600))
	day, hour := "2026-03-04", "05:06"
	full, err := q.AddVisit(ctx, gen.AddVisitParams{Came: came, Went: &came, Day: &day, Hour: &hour})
	show("in UTC, to the millisecond", full, err)
	bare, err := q.AddVisit(ctx, gen.AddVisitParams{Came: came.AddDate(0, 0, 1)})
	show("without", bare, err)
	since, err := q.Since(ctx, came.Add(time.Hour))
	show("since", since, err)
	longest, err := q.Longest(ctx)
	show("longest", longest, err)
	days, err := q.Days(ctx)
	show("days", days, err)
	ages, err := q.Ages(ctx)
	show("ages", ages, err)
	on, err := q.On(ctx, "2026-03-04")
	show("on", on, err)
	tomorrow, err := q.Tomorrow(ctx, "2026-03-04 05:06:07.891")
	show("tomorrow", tomorrow, err)
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
