package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

// places leaves out where things stand.
var places = cmp.Options{
	cmpopts.IgnoreFields(config.Options{}, "RenameLines"),
	cmpopts.IgnoreFields(config.Block{}, "SchemaAt", "QueriesAt", "MigrationsAt"),
}

func TestBlocksKnowWhereTheirPathsStand(t *testing.T) {
	blocks, problems := config.Parse("sqlc.yaml", []byte(`version: "2"
sql:
  - engine: sqlite
    schema: [über, b]
    queries: q
    codegen:
      - plugin: silo
        out: gen
        options: {package: gen, kind: tenant, migrations: a/b.C, rename: {x: X}}
`))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	b := blocks[0]
	at := [][]config.Place{b.SchemaAt, b.QueriesAt, {b.MigrationsAt}}
	if diff := cmp.Diff([][]config.Place{{{Line: 4, Column: 14}, {Line: 4, Column: 21}}, {{Line: 5, Column: 14}}, {{Line: 9, Column: 59}}}, at); diff != "" {
		t.Errorf("the places of schema, queries and migrations (-want +got):\n%s", diff)
	}
	if line := b.Options.RenameLines["x"]; line != 9 {
		t.Errorf("rename: x is on line %d, want 9", line)
	}
}
