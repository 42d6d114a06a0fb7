package config_test

import "testing"

func TestWrongBlocksAreRefused(t *testing.T) {
	checkRefusals(t, []refusal{
		{
			"unknown keys",
			`version: "2"
sqls: []
sql:
  - engine: sqlite
    schma: schema
    schema: schema
    query: queries
    queries: queries
    codegen:
      - plugin: silo
        output: gen
        out: gen
        options: {package: gen, kind: tenant, migrations: a/b.C}
    [a, b]: c
`,
			`sqlc.yaml:2:1: the configuration has no key sqls: did you mean sql?
sqlc.yaml:5:5: an entry of sql has no key schma: did you mean schema?
sqlc.yaml:7:5: an entry of sql has no key query: write one of engine, schema, queries, codegen, gen, name, database, rules, analyzer, strict_function_checks, strict_order_by
sqlc.yaml:11:9: an entry of codegen has no key output: did you mean out?
sqlc.yaml:14:5: a key of an entry of sql is a list: write a name`,
		},
		{
			"an unknown plugin",
			`version: "2"
sql:
  - codegen: [{plugin: sillo, out: x}]
  - codegen: [{out: x}, x]
  - codegen: {plugin: silo}
`,
			`sqlc.yaml:3:24: plugin: "sillo" is not under plugins: did you mean silo?
sqlc.yaml:4:15: plugin is missing: write plugin: silo
sqlc.yaml:4:25: an entry of codegen is the text "x": write plugin, out and options
sqlc.yaml:5:14: codegen is a mapping: write a list of entries with plugin, out and options`,
		},
		{
			"an empty block",
			`version: "2"
sql:
  - codegen: [{plugin: silo}]
`,
			`sqlc.yaml:3:5: engine is missing: write engine: sqlite
sqlc.yaml:3:5: queries is missing: name the folder of the .sql files
sqlc.yaml:3:5: schema is missing: name the folder of the goose migrations
sqlc.yaml:3:15: options are missing: write options: {package: …, kind: tenant, migrations: "import/path.Variable"}
sqlc.yaml:3:15: out is missing: name the folder of the generated package`,
		},
		{
			"a block of another engine",
			`version: "2"
sql:
  - engine: postgresql
    schema: schema
    queries: queries
    codegen:
      - plugin: silo
        out: gen
        options:
          package: gen
          kind: tenant
          migrations: example.com/app/schema.Tenant
`,
			`sqlc.yaml:3:13: Silo's databases are SQLite files: write engine: sqlite`,
		},
		{
			"places that are none",
			`version: "2"
sql:
  - engine: sqlite
    schema: []
    queries: [a, 1, ""]
    codegen:
      - plugin: silo
        out: gen
        options:
          package: gen
          kind: tenant
          migrations: example.com/app/schema.Tenant
`,
			`sqlc.yaml:4:13: schema is an empty list: name the folder of the goose migrations
sqlc.yaml:5:18: an entry of queries is 1, which YAML takes for a number: write a name there
sqlc.yaml:5:21: an entry of queries is empty: write a name there`,
		},
		{
			"places that are empty",
			`version: "2"
sql:
  - engine: sqlite
    schema:
    queries: {a: b}
    codegen:
      - plugin: silo
        out: gen
        options:
          package: gen
          kind: tenant
          migrations: example.com/app/schema.Tenant
`,
			`sqlc.yaml:4:12: schema is empty: write the folder of the goose migrations, or a list
sqlc.yaml:5:14: queries is a mapping: write the folder of the .sql files, or a list`,
		},
		{
			"folders that are none",
			`version: "2"
sql:
  - engine: sqlite
    schema: schema
    queries: queries
    codegen:
      - plugin: silo
        out: ../gen
        options:
          package: gen
          kind: tenant
          migrations: example.com/app/schema.Tenant
      - {plugin: silo, out: /gen, options: {package: a, kind: tenant, migrations: a/b.C}}
      - {plugin: silo, out: ./, options: {package: a, kind: tenant, migrations: a/b.C}}
      - {plugin: silo, out: a/../../b, options: {package: a, kind: tenant, migrations: a/b.C}}
      - {plugin: silo, out: 1, options: {package: a, kind: tenant, migrations: a/b.C}}
`,
			`sqlc.yaml:8:14: out: ../gen lies outside the folder of this file: name one inside, or move this file
sqlc.yaml:13:29: out: /gen lies outside the folder of this file: name one inside, or move this file
sqlc.yaml:14:29: out: ./ is the folder of this file: name one for the generated package alone, such as gen
sqlc.yaml:15:29: out: a/../../b lies outside the folder of this file: name one inside, or move this file
sqlc.yaml:16:29: out is 1, which YAML takes for a number: write the folder of the generated package`,
		},
		{
			"one folder twice",
			head + `      - {plugin: silo, out: ./gen, options: {package: gen, kind: tenant, migrations: a/b.C}}
  - engine: sqlite
    schema: a
    queries: b
    codegen: [{plugin: silo, out: x/../gen/, options: {package: gen, kind: tenant, migrations: a/b.C}}]
`,
			`sqlc.yaml:13: out: ./gen is also that of line 7: give each package a folder of its own
sqlc.yaml:17: out: x/../gen/ is also that of line 7: give each package a folder of its own`,
		},
		{
			"keys given twice",
			`version: "2"
sql:
  - engine: sqlite
    schema: schema
    schema: other
    queries: queries
    codegen:
      - plugin: silo
        out: gen
        options:
          package: gen
          kind: tenant
          migrations: example.com/app/schema.Tenant
          kind: global
`,
			`sqlc.yaml:5:5: schema is already on line 4: remove one of the two
sqlc.yaml:14:11: kind is already on line 12: remove one of the two`,
		},
	})
}
