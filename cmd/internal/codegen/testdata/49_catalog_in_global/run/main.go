// Command run uses the generated code of a test case on a real file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/49_catalog_in_global/want/gen"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

func main() {
	ctx := context.Background()
	dir := must(tenantdb.Open(ctx, tenantdb.Options{Path: os.Args[1]}))
	defer func() { check(dir.Close()) }()
	db := must(gen.Open(ctx, dir))
	c := must(catalog.Open(ctx, dir))
	q := gen.New(db)

	for _, name := range []string{"acme", "globex"} {
		id := must(tenantdb.ParseID(name))
		must(c.Register(ctx, catalog.Registration{ID: id, DisplayName: "The " + name}))
		check(c.AddAlias(ctx, id, "domain", name+".example"))
		check(q.AddPlan(ctx, gen.AddPlanParams{TenantID: name, Name: "gold"}))
	}
	globex := must(c.Get(ctx, must(tenantdb.ParseID("globex"))))
	must(c.SetState(ctx, globex.ID, globex.Generation, catalog.Change{State: catalog.Quarantined}))

	active, err := q.ListActive(ctx, "active")
	check(err)
	for _, row := range active {
		show("active", []any{row.Name, row.ID, row.DisplayName, row.SizeBytes, row.CreatedAt.IsZero()})
	}
	found := must(q.GetCataloged(ctx, "globex"))
	show("globex", []any{found.ID, found.State, found.Generation, found.Protected, found.Metadata})
	show("plan of acme.example", must(q.PlanOf(ctx, gen.PlanOfParams{Kind: "domain", Value: "acme.example"})))
}

// show prints a result, pointers as what they point to.
func show(what string, v any) {
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
