package sqlcheck_test

import (
	"context"
	"fmt"
	"log"

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
	fmt.Println("reads only:", st.ReadOnly, "parameters:", len(st.Params))
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
