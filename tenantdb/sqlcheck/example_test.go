package sqlcheck_test

import (
	"context"
	"fmt"
	"log"
	"testing/fstest"

	"github.com/silokit/silo/schema"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

func Example() {
	db, err := sqlcheck.Open(context.Background(), schema.Tenant)
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	st, err := db.Describe("SELECT name, count(*) FROM modules WHERE enabled = ?1")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("reads only:", st.ReadOnly, "parameters:", st.Params)
	for _, c := range st.Columns {
		fmt.Printf("%s: %q, not null: %v\n", c.Name, c.DeclType, c.NotNull)
	}
	_, err = db.Describe("SELECT nmae FROM modules")
	fmt.Println(err)
	// Output:
	// reads only: true parameters: 1
	// name: "TEXT", not null: true
	// count(*): "", not null: false
	// no such column: nmae
}

func ExampleDB_Plan() {
	db, err := sqlcheck.Open(context.Background(), schema.Tenant)
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	steps, err := db.Plan("SELECT name FROM modules WHERE slug = ?1")
	if err != nil {
		log.Fatal(err)
	}
	for _, step := range steps {
		fmt.Println(step.Detail)
	}
	// Output: SEARCH modules USING INDEX sqlite_autoindex_modules_2 (slug=?)
}

func ExampleDB_Objects() {
	db, err := sqlcheck.Open(context.Background(), schema.Global)
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	objects, err := db.Objects()
	if err != nil {
		log.Fatal(err)
	}
	for _, object := range objects {
		if object.Kind == sqlcheck.Table {
			fmt.Println(object.Name)
		}
	}
	// Output:
	// memberships
	// plans
	// subscriptions
	// tenant_hourly_stats
	// tenant_monthly_usage
	// users
}

func ExampleReversible() {
	findings, err := sqlcheck.Reversible(context.Background(), fstest.MapFS{
		"00001_notes.sql": {Data: []byte("-- +goose Up\nCREATE TABLE notes (body TEXT);\n-- +goose Down\nDROP TABLE notes;\n")},
		"00002_tag.sql":   {Data: []byte("-- +goose Up\nALTER TABLE notes ADD COLUMN tag TEXT;\n-- +goose Down\nSELECT 1;\n")},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range findings {
		fmt.Printf("%s:%d: %s\n", f.File, f.Line, f.Message)
	}
	// Output: 00002_tag.sql:3: the Down does not restore the schema: table notes keeps column tag; write in it what undoes the Up
}
