// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/03_bulk/want/gen"
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

	size := int64(7)
	added, err := q.AddEvents(ctx, []gen.AddEventsParams{{Name: "a", Size: &size}, {Name: "b"}})
	show("added", added, err)
	none, err := q.AddEvents(ctx, nil)
	show("none", none, err)
	tags, err := q.AddTags(ctx, []string{"x", "y", "x"})
	show("tags", tags, err)
	grown, err := q.Grow(ctx, []gen.GrowParams{{By: 1, Name: "a"}, {By: 2, Name: "b"}, {By: 3, Name: "nobody"}})
	show("grown", grown, err)
	_, err = q.AddEvents(ctx, []gen.AddEventsParams{{Name: "c"}, {Name: "bad"}, {Name: "d"}})
	fmt.Println("the second row fails:", errors.Is(err, tenantdb.ErrConstraint), strings.Contains(err.Error(), "rows[1], so none is written"))
	after, err := q.ListEvents(ctx)
	show("after it", after, err)
	check(gen.Write(ctx, db, func(ctx context.Context, q *gen.Queries) error {
		must(q.AddEvents(ctx, []gen.AddEventsParams{{Name: "kept"}}))
		_, err := q.AddEvents(ctx, []gen.AddEventsParams{{Name: "gone"}, {Name: "bad"}})
		fmt.Println("inside Write:", errors.Is(err, tenantdb.ErrConstraint))
		return nil
	}))
	all, err := q.ListEvents(ctx)
	show("what the transaction wrote before stays", all, err)
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
