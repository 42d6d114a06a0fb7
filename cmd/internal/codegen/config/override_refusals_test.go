package config_test

import "testing"

func TestWrongOverridesAreRefused(t *testing.T) {
	checkRefusals(t, []refusal{
		{
			"what all Go code shares",
			`overrides:
  go:
    rename: {a: b}
    overides: []
  python: {}
version: "2"
sql:
  - engine: sqlite
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
			`sqlc.yaml:3:17: rename: "b" is no exported Go name: begin it with a capital, and use letters and digits
sqlc.yaml:4:5: overrides: go has no key overides: did you mean overrides?
sqlc.yaml:5:3: overrides has no key python: write go`,
		},
		{
			"what all Go code shares, of other kinds",
			`overrides:
  go: []
version: "2"
sql:
  - engine: sqlite
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
			`sqlc.yaml:2:7: overrides: go is a list: write overrides and rename under it`,
		},
		{
			"what all Go code shares, empty",
			`overrides:
version: "2"
sql:
  - engine: sqlite
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
			`sqlc.yaml:1:11: overrides is empty: write go: with overrides and rename under it`,
		},
		{
			"overrides of nothing",
			head + `          overrides:
            - go_type: string
            - {column: a.b, db_type: text, go_type: string}
            - {column: a.b}
            - text
            - {column: a.b, go_typ: string}
            - {column: a.b, go_type: string, engine: sqlight}
            - {db_type: integer, go_type: uint32, unsigned: true}
            - {postgres_type: text, go_type: string}
            - {db_type: text, go_type: string, nullable: "true"}
`,
			`sqlc.yaml:14:15: this override is of nothing: write column: table.column, or db_type: a type as columns are declared with
sqlc.yaml:15:15: this override has column and db_type: write two, one with each
sqlc.yaml:16:15: this override changes nothing: write go_type, go_struct_tag or both
sqlc.yaml:17:15: an entry of overrides is the text "text": write {column: table.column, go_type: …}
sqlc.yaml:18:29: an entry of overrides has no key go_typ: did you mean go_type?
sqlc.yaml:19:54: engine: there is no "sqlight": write one of sqlite, postgresql, mysql, clickhouse, googlesql, mssql
sqlc.yaml:20:51: unsigned is about MySQL, SQLite's integers all have a sign: remove it
sqlc.yaml:21:16: postgres_type is sqlc's older name of db_type: write db_type
sqlc.yaml:22:58: nullable is the text "true": write true or false`,
		},
		{
			"overrides that contradict each other",
			head + `          overrides:
            - {column: a.b, go_type: string}
            - {column: A."b", go_type: string}
            - {column: a.B, go_type: int32}
            - {column: a.*, go_type: int64}
`,
			`sqlc.yaml:16:15: this override gives a.B another Go type than that of line 14: remove one of the two`,
		},
		{
			"overrides of columns that are none",
			head + `          overrides:
            - {column: id, go_type: string}
            - {column: a..b, go_type: string}
            - {column: public.a.b, go_type: string}
            - {column: a.b.c.d, go_type: string}
            - {column: 'a.b\c', go_type: string}
            - {column: 'a.b\', go_type: string}
            - {column: [a.b], go_type: string}
`,
			`sqlc.yaml:14:24: column: "id" names no table: write table.id, or *.id for all tables
sqlc.yaml:15:24: column: "a..b" has an empty name: write table.column
sqlc.yaml:16:24: column: "public.a.b" is of the schema public, and SQLite's is main: write a.b, or add engine: postgresql if it is of another database
sqlc.yaml:17:24: column: "a.b.c.d" has too many names, for SQLite has no catalogs: write table.column
sqlc.yaml:18:24: column: "a.b\\c" has a backslash in front of what needs none: write it before *, ? and \ only
sqlc.yaml:19:24: column: "a.b\\" has a backslash in front of what needs none: write it before *, ? and \ only
sqlc.yaml:20:24: column is a list: write table.column`,
		},
		{
			"types that are none",
			head + `          overrides:
            - {column: a.b, go_type: strng}
            - {column: a.b, go_type: UUID}
            - {column: a.b, go_type: complex128}
            - {column: a.b, go_type: "[]string"}
            - {column: a.b, go_type: "[]*example.com/a.B"}
            - {column: a.b, go_type: "*[]byte"}
            - {column: a.b, go_type: "**int"}
            - {column: a.b, go_type: "*any"}
            - {column: a.b, go_type: sql.NullString}
            - {column: a.b, go_type: "./types.Role"}
            - {column: a.b, go_type: example.com/types.role}
            - {column: a.b, go_type: "map[string]string"}
            - {column: a.b, go_type: "example.com/opt.Option[example.com/uuid.UUID]"}
            - {column: a.b, go_type: 1}
            - {column: a.b, go_type: [a]}
            - {column: a.b, go_type: ""}
            - {column: a.b, go_type: "*"}
            - {column: a.b, go_type: "a."}
`,
			`sqlc.yaml:14:38: go_type: "strng" is no type of Go's own that a value of SQLite fits into: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …} (did you mean string?)
sqlc.yaml:15:38: go_type: "UUID" is no type of Go's own that a value of SQLite fits into: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}
sqlc.yaml:16:38: go_type: "complex128" is no type of Go's own that a value of SQLite fits into: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}
sqlc.yaml:17:38: go_type: no value of SQLite is a list of string: write []byte, or a type with a Scan method (see database/sql.Scanner)
sqlc.yaml:18:38: go_type: no value of SQLite is a list: write a type with a Scan method (see database/sql.Scanner)
sqlc.yaml:19:38: go_type: a nil []byte is NULL already: write []byte
sqlc.yaml:20:38: go_type: "**int" is no type of Go's own that a value of SQLite fits into: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …} (did you mean int?)
sqlc.yaml:21:38: go_type: any is read as it is: write go_type: any
sqlc.yaml:22:38: go_type: Go's package is called database/sql: write database/sql.NullString
sqlc.yaml:23:38: go_type: "./types" is no path of a package: write it as in an import, such as example.com/app/types
sqlc.yaml:24:38: go_type: role is not exported by example.com/types: write a name that begins with a capital
sqlc.yaml:25:38: go_type: "map[string]string" is no type of Go's own that a value of SQLite fits into: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}
sqlc.yaml:26:38: go_type: "Option[example.com/uuid.UUID]" is no name of a type: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}
sqlc.yaml:27:38: go_type is 1, which YAML takes for a number: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}
sqlc.yaml:28:38: go_type is a list: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}
sqlc.yaml:29:38: go_type is empty: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}
sqlc.yaml:30:38: go_type: "*" is no type of Go's own that a value of SQLite fits into: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}
sqlc.yaml:31:38: go_type: "" is no name of a type: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}`,
		},
		{
			"types as mappings that are none",
			head + `          overrides:
            - {column: a.b, go_type: {}}
            - {column: a.b, go_type: {import: example.com/a}}
            - {column: a.b, go_type: {package: a, type: B}}
            - {column: a.b, go_type: {import: example.com/a, package: a-b, type: B}}
            - {column: a.b, go_type: {type: a.B}}
            - {column: a.b, go_type: {import: example.com/a, type: B, pointer: 1}}
            - {column: a.b, go_type: {import: example.com/a, type: B, pointer: true, slice: true}}
            - {column: a.b, go_type: {type: byte, pointer: true, slice: true}}
            - {column: a.b, go_type: {import: example.com/a, name: B}}
            - {column: a.b, go_type: {import: example.com/a, type: func}}
`,
			`sqlc.yaml:14:38: go_type has no type: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}
sqlc.yaml:15:38: go_type has no type: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}
sqlc.yaml:16:38: go_type names the package a and no import: write the path that it is imported by
sqlc.yaml:17:38: go_type: package: "a-b" is no name of a package: write the one in its package clause
sqlc.yaml:18:38: go_type: type: "a.B" names a package: write its path as import, or the whole as go_type: "import/path.Type"
sqlc.yaml:19:80: pointer is 1, which YAML takes for a number: write true or false
sqlc.yaml:20:38: go_type: no value of SQLite is a list: write a type with a Scan method (see database/sql.Scanner)
sqlc.yaml:21:38: go_type: a nil []byte is NULL already: write []byte
sqlc.yaml:22:38: go_type has no type: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}
sqlc.yaml:22:62: go_type has no key name: write one of import, package, type, pointer, slice
sqlc.yaml:23:38: go_type: "func" is no name of a type: write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}`,
		},
		{
			"struct tags that are none",
			head + "          overrides:\n            - {column: a.b, go_struct_tag: validate}\n            - {column: a.b, go_struct_tag: 'json:\"a\" validate:required'}\n            - {column: a.b, go_struct_tag: 'json:\"a\" json:\"b\"'}\n            - {column: a.b, go_struct_tag: '`json:\"a\"`'}\n            - {column: a.b, go_struct_tag: 'json:\"\\q\"'}\n            - {column: a.b, go_struct_tag: {json: a}}\n",
			`sqlc.yaml:14:44: go_struct_tag: cannot read validate: write it as in Go: json:"name,omitempty" validate:"required"
sqlc.yaml:15:44: go_struct_tag: cannot read validate:required: write it as in Go: json:"name,omitempty" validate:"required"
sqlc.yaml:16:44: go_struct_tag has the tag json twice: remove one of the two
sqlc.yaml:17:44: go_struct_tag: a backquote ends a tag in generated code: take it out
sqlc.yaml:18:44: go_struct_tag: cannot read json:"\q": write it as in Go: json:"name,omitempty" validate:"required"
sqlc.yaml:19:44: go_struct_tag is a mapping: write it as in Go: json:"name,omitempty" validate:"required"`,
		},
	})
}
