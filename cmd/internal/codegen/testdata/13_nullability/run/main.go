// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/13_nullability/want/gen"
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

	_, err := q.Oldest(ctx)
	show("oldest of none", must(q.Oldest(ctx)), err)
	boss, age := int64(1), int64(40)
	check(q.AddPerson(ctx, gen.AddPersonParams{ID: 1, Name: "ann"}))
	check(q.AddPerson(ctx, gen.AddPersonParams{ID: 2, Name: "bob", Boss: &boss, Age: &age}))
	check(q.AddPet(ctx, gen.AddPetParams{Name: "rex", Owner: 2, Weight: 7.5}))
	withPets, err := q.WithPets(ctx)
	show("with pets", withPets, err)
	only, err := q.WithPetsOnly(ctx)
	show("with pets only", only, err)
	right, err := q.RightJoin(ctx)
	show("right join", right, err)
	oldest, err := q.Oldest(ctx)
	show("oldest", oldest, err)
	byBoss, err := q.ByBoss(ctx)
	show("by boss", byBoss, err)
	ofAge, err := q.OfAge(ctx, 18)
	show("of age", ofAge, err)
	maybe, err := q.OfAgeMaybe(ctx, 18)
	show("of age, maybe", maybe, err)
	bosses, err := q.Bosses(ctx)
	show("bosses", bosses, err)
	chain, err := q.Cte(ctx)
	show("chain", chain, err)
	both, err := q.Both(ctx)
	show("both", both, err)
	scalars, err := q.Scalars(ctx)
	show("scalars", scalars, err)
	windows, err := q.Windows(ctx)
	show("windows", windows, err)
	keys, err := q.Keys(ctx)
	show("keys", keys, err)
	stated, err := q.Stated(ctx)
	show("stated", stated, err)
	made, err := q.AddMade(ctx, gen.AddMadeParams{A: 2, B: "b"})
	show("made", made, err)
	replaced, err := q.ListReplaced(ctx)
	show("replaced", replaced, err)
	mixed, err := q.MixedView(ctx)
	show("mixed", mixed, err)
	full, err := q.FullUsing(ctx)
	show("full using", full, err)
	rows, err := q.RowValues(ctx, gen.RowValuesParams{ID: 1, Y: "z"})
	show("row values", rows, err)
	notIn, err := q.NotInNothing(ctx, nil)
	show("not in nothing", notIn, err)
	var people []gen.Person
	people, err = q.BossesOnly(ctx)
	show("bosses only", people, err)
	stale, err := q.Stale(ctx)
	show("stale", stale, err)
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
