package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

// refusal is a configuration with what is said of it.
type refusal struct{ name, data, want string }

func checkRefusals(t *testing.T, refusals []refusal) {
	t.Helper()
	for _, test := range refusals {
		t.Run(test.name, func(t *testing.T) {
			_, problems := config.Parse("sqlc.yaml", []byte(test.data))
			var got []string
			for _, p := range problems.Sorted() {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(strings.Split(test.want, "\n"), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDocumentsThatAreNoConfigurationAreRefused(t *testing.T) {
	checkRefusals(t, []refusal{
		{
			"nothing",
			"",
			`sqlc.yaml:1:1: version is missing: write version: "2"`,
		},
		{
			"a comment alone",
			"# nothing\n",
			`sqlc.yaml:1:1: version is missing: write version: "2"`,
		},
		{
			"a list",
			"- a\n",
			`sqlc.yaml:1:1: the configuration is a list: write version: "2", and sql: with what to generate`,
		},
		{
			"a text",
			"version\n",
			`sqlc.yaml:1:1: the configuration is the text "version": write version: "2", and sql: with what to generate`,
		},
		{
			"no blocks",
			"version: \"2\"\n",
			`sqlc.yaml:1:1: sql is missing: write a list of blocks with engine, schema, queries and codegen`,
		},
		{
			"sql is a mapping",
			`version: "2"
sql: {engine: sqlite}
`,
			`sqlc.yaml:2:6: sql is a mapping: write a list of blocks with engine, schema, queries and codegen`,
		},
		{
			"an empty sql",
			`version: "2"
sql:
`,
			`sqlc.yaml:2:5: sql is empty: write a list of blocks with engine, schema, queries and codegen`,
		},
		{
			"a block that is a text",
			`version: "2"
sql: [sqlite]
`,
			`sqlc.yaml:2:7: an entry of sql is the text "sqlite": write engine, schema, queries and codegen`,
		},
		{
			"another version",
			"version: \"3\"\n",
			`sqlc.yaml:1:10: version: Silo reads "2" alone: write version: "2"`,
		},
		{
			"a version that is a list",
			"version: [2]\n",
			`sqlc.yaml:1:10: version is a list: write "2"`,
		},
		{
			"version 1",
			`version: "1"
packages:
  - name: db
    path: internal/db
    engine: sqlite
    schema: [db/schema, "db/more files"]
    queries: db/queries
  - path: internal/other
    engine: sqlite
  - {path: pg, engine: postgresql}
`,
			`sqlc.yaml:1:10: version: "1" is sqlc's older form: write version: "2", and sql: in place of packages:
sqlc.yaml:3:5: write this package under sql: as {engine: sqlite, schema: [db/schema, "db/more files"], queries: db/queries, codegen: [{plugin: silo, out: internal/db, options: {package: db, kind: tenant, migrations: "import/path.Variable"}}]}, and its other options beside package, under the same names
sqlc.yaml:8:5: write this package under sql: as {engine: sqlite, schema: …, queries: …, codegen: [{plugin: silo, out: internal/other, options: {package: other, kind: tenant, migrations: "import/path.Variable"}}]}, and its other options beside package, under the same names`,
		},
		{
			"sqlc's own code alone",
			`version: "2"
sql:
  - engine: sqlite
    schema: schema
    queries: queries
    gen:
      go: {package: store, out: internal/db}
  - engine: sqlite
    gen: {go: {out: internal/other}}
  - engine: postgresql
    gen: {go: {out: internal/pg}}
`,
			`sqlc.yaml:3:5: this block has gen: go: and no codegen entry for Silo: write codegen: [{plugin: silo, out: internal/db, options: {package: store, kind: tenant, migrations: "import/path.Variable"}}], and the other options of gen: go: beside package, under the same names
sqlc.yaml:8:5: this block has gen: go: and no codegen entry for Silo: write codegen: [{plugin: silo, out: internal/other, options: {package: other, kind: tenant, migrations: "import/path.Variable"}}], and the other options of gen: go: beside package, under the same names`,
		},
		{
			"nobody's code",
			`version: "2"
sql:
  - {engine: sqlite, gen: {json: {out: x}}}
`,
			`sqlc.yaml:3:3: no block under sql: asks for Silo's code: write codegen: [{plugin: silo, out: …, options: {package: …, kind: tenant, migrations: "import/path.Variable"}}] into one with engine: sqlite`,
		},
		{
			"an indentation",
			`version: "2"
sql:
  - engine: sqlite
   schema: x
`,
			`sqlc.yaml:3: this is no YAML: did not find expected '-' indicator: look at the indentation (spaces, no tabs), colons, brackets and quotes around here`,
		},
		{
			"a tab",
			"version: \"2\"\nsql:\n\t- engine: sqlite\n",
			`sqlc.yaml:3: this is no YAML: found character that cannot start any token: look at the indentation (spaces, no tabs), colons, brackets and quotes around here`,
		},
		{
			"a quote that does not end",
			"version: \"2\n",
			`sqlc.yaml:2: this is no YAML: found unexpected end of stream: look at the indentation (spaces, no tabs), colons, brackets and quotes around here`,
		},
		{
			"a colon too many",
			`version: "2"
sql:
  - engine: a: b
`,
			`sqlc.yaml:3: this is no YAML: mapping values are not allowed in this context: look at the indentation (spaces, no tabs), colons, brackets and quotes around here`,
		},
		{
			"a bracket that does not end",
			`{"version": "2",
 "sql": [{]}
`,
			`sqlc.yaml:2: this is no YAML: did not find expected node content: look at the indentation (spaces, no tabs), colons, brackets and quotes around here`,
		},
		{
			"an unknown anchor",
			`version: "2"
sql: *blocks
`,
			`sqlc.yaml:2: there is no &blocks before *blocks: write the anchor first, or the value itself`,
		},
		{
			"no text",
			"version: \"2\"\n# \x01\n",
			`sqlc.yaml:2: this is no text in UTF-8: save the file as UTF-8, without control characters`,
		},
		{
			"Latin-1",
			"version: \x222\x22\x0a# \xdcbung\x0a",
			`sqlc.yaml:2: this is no text in UTF-8: save the file as UTF-8, without control characters`,
		},
	})
}
