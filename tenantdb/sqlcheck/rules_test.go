package sqlcheck_test

import (
	"context"
	"fmt"
	"log"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/schema"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

func TestRulesAreThoseOfSingleColumnsAndOfAllRows(t *testing.T) {
	db := open(t, `CREATE TABLE p (id TEXT PRIMARY KEY, a UNIQUE);
CREATE TABLE t (
    id  INTEGER PRIMARY KEY,
    One UNIQUE REFERENCES p,
    two REFERENCES p (a) ON DELETE SET NULL,
    a, b, c, d,
    UNIQUE (a, b),
    FOREIGN KEY (a, b) REFERENCES q (a, b)
);
CREATE INDEX t_b ON t (b, a);
CREATE INDEX t_c ON t (c) WHERE c > 0;
CREATE INDEX t_d ON t (lower(d));
`)
	want := map[string]sqlcheck.ColumnRule{
		"one": {Unique: true, Indexed: true, Parent: "p", Key: "id", OnDelete: "NO ACTION"},
		"two": {Parent: "p", Key: "a", OnDelete: "SET NULL"},
		"a":   {Indexed: true},
		"b":   {Indexed: true},
	}
	got, err := db.Rules("t")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if got, err := db.Rules("p"); err != nil || got["id"] != (sqlcheck.ColumnRule{Indexed: true}) {
		t.Errorf("of a primary key: %+v, %v", got, err)
	}
}

func ExampleDB_Rules() {
	db, err := sqlcheck.Open(context.Background(), schema.Tenant)
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	rules, err := db.Rules("action_runs")
	fmt.Printf("%+v %v\n", rules["action_id"], err)
	// Output: {Unique:false Indexed:true Parent:actions Key:id OnDelete:CASCADE} <nil>
}
