// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/22_lists_of_types/want/gen"
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

	at := time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC)
	check(q.AddSample(ctx, gen.AddSampleParams{Ratio: 0.1, Flag: true, At: at, Name: "a'\"🙂", Size: 9007199254740993}))
	check(q.AddSample(ctx, gen.AddSampleParams{Ratio: 2, At: at.Add(time.Hour), Name: "2", Size: 2}))
	ratios, err := q.ByRatio(ctx, []float64{0.1, 2})
	show("ratios", ratios, err)
	flags, err := q.ByFlag(ctx, []bool{true})
	show("flags", flags, err)
	times, err := q.ByTime(ctx, []time.Time{at.In(time.FixedZone("", 3600))})
	show("times", times, err)
	names, err := q.ByName(ctx, []string{"a'\"🙂"})
	show("names", names, err)
	sizes, err := q.BySize(ctx, []int64{9007199254740993, 9007199254740992})
	show("sizes", sizes, err)
	rounded, err := q.ByRounded(ctx, []float64{2})
	show("rounded", rounded, err)
	_, err = q.ByRatio(ctx, []float64{math.NaN()})
	fmt.Println("not a number is refused:", err != nil)
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
