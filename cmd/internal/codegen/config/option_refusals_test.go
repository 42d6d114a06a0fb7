package config_test

import "testing"

func TestWrongOptionsAreRefused(t *testing.T) {
	checkRefusals(t, []refusal{
		{
			"options that are a list",
			`version: "2"
sql:
  - engine: sqlite
    schema: schema
    queries: queries
    codegen:
      - plugin: silo
        out: gen
        options: [a]
`,
			`sqlc.yaml:9:18: options is a list: write {package: …, kind: tenant, migrations: "import/path.Variable"}`,
		},
		{
			"options that are missing",
			`version: "2"
sql:
  - engine: sqlite
    schema: schema
    queries: queries
    codegen:
      - plugin: silo
        out: gen
        options:
          package: gen
          rename: {a: B}
`,
			`sqlc.yaml:10:11: option kind is missing: write options: {package: …, kind: tenant, migrations: "import/path.Variable"}
sqlc.yaml:10:11: option migrations is missing: write options: {package: …, kind: tenant, migrations: "import/path.Variable"}`,
		},
		{
			"required options",
			`version: "2"
sql:
  - engine: sqlite
    schema: schema
    queries: queries
    codegen:
      - plugin: silo
        out: gen
        options:
          package: my-gen
          kind: tennant
          migrations: schema
`,
			`sqlc.yaml:10:20: package: "my-gen" is no name of a Go package that others import: write one of small letters, such as that of the folder
sqlc.yaml:11:17: kind: "tennant" is neither tenant nor global: did you mean tenant?
sqlc.yaml:12:23: migrations: "schema" is no variable of a package: write "import/path.Variable", the exported embed.FS of the migrations`,
		},
		{
			"more required options",
			`version: "2"
sql:
  - engine: sqlite
    schema: schema
    queries: queries
    codegen:
      - plugin: silo
        out: gen
        options:
          package: main
          kind: 7
          migrations: ./schema.Tenant
`,
			`sqlc.yaml:10:20: package: "main" is no name of a Go package that others import: write one of small letters, such as that of the folder
sqlc.yaml:11:17: kind is 7, which YAML takes for a number: write tenant or global
sqlc.yaml:12:23: migrations: "./schema.Tenant" is no variable of a package: write "import/path.Variable", the exported embed.FS of the migrations`,
		},
		{
			"yet more required options",
			`version: "2"
sql:
  - engine: sqlite
    schema: schema
    queries: queries
    codegen:
      - plugin: silo
        out: gen
        options:
          package: [gen]
          kind: "no"
          migrations: example.com/app/schema.tenant
`,
			`sqlc.yaml:10:20: package is a list: write the name of the generated package
sqlc.yaml:11:17: kind: "no" is neither tenant nor global: write one of tenant, global
sqlc.yaml:12:23: migrations: "example.com/app/schema.tenant" is no variable of a package: write "import/path.Variable", the exported embed.FS of the migrations`,
		},
		{
			"truth values",
			head + `          emit_json_tags: "true"
          emit_db_tags: yes
          emit_interface: 1
          emit_empty_slices: [true]
          omit_unused_structs: {}
          emit_exact_table_names:
          emit_sql_as_comment: ~
          emit_pointers_for_null_types: no
`,
			`sqlc.yaml:13:27: emit_json_tags is the text "true": write true or false
sqlc.yaml:14:25: emit_db_tags is the text "yes": write true or false
sqlc.yaml:15:27: emit_interface is 1, which YAML takes for a number: write true or false
sqlc.yaml:16:30: emit_empty_slices is a list: write true or false
sqlc.yaml:17:32: omit_unused_structs is a mapping: write true or false
sqlc.yaml:18:34: emit_exact_table_names is empty: write true or false
sqlc.yaml:19:32: emit_sql_as_comment is empty: write true or false
sqlc.yaml:20:41: emit_pointers_for_null_types is the text "no": write true or false`,
		},
		{
			"values of other kinds",
			head + `          rename: [a]
          initialisms: id
          overrides: {a: b}
          json_tags_case_style: true
          inflection_exclude_table_names: [news, 2020-01-01, {}]
          query_parameter_limit: "1"
`,
			`sqlc.yaml:13:19: rename is a list: write names in SQL with those in Go, such as {url: URL}
sqlc.yaml:14:24: initialisms is the text "id": write a list of words, such as [id, url], or [] for none
sqlc.yaml:15:22: overrides is a mapping: write a list, each entry with column or db_type, and with go_type
sqlc.yaml:16:33: json_tags_case_style is true, which YAML takes for a truth value: write camel, pascal, snake, none
sqlc.yaml:17:50: an entry of inflection_exclude_table_names is 2020-01-01, which YAML takes for a date: write a name there
sqlc.yaml:17:62: an entry of inflection_exclude_table_names is a mapping: write a name there
sqlc.yaml:18:34: query_parameter_limit is the text "1": write a number, such as 1, or 0 to have a struct always`,
		},
		{
			"values out of range",
			head + `          rename: {url: uRL, a: 1, b: B-C, [c]: D}
          json_tags_case_style: kamel
          query_parameter_limit: -1
`,
			`sqlc.yaml:13:25: rename: "uRL" is no exported Go name: begin it with a capital, and use letters and digits
sqlc.yaml:13:33: rename: a is 1, which YAML takes for a number: write the name in Go
sqlc.yaml:13:39: rename: "B-C" is no exported Go name: begin it with a capital, and use letters and digits
sqlc.yaml:13:44: a key of rename is a list: write a name in SQL
sqlc.yaml:14:33: json_tags_case_style: there is no "kamel": did you mean camel?
sqlc.yaml:15:34: query_parameter_limit: -1 is negative: write 0 to have a struct always`,
		},
		{
			"a limit that is no whole number",
			head + "          query_parameter_limit: 1.5\n",
			`sqlc.yaml:13:34: query_parameter_limit is 1.5, which YAML takes for a number: write a number, such as 1, or 0 to have a struct always`,
		},
		{
			"a style like none there is",
			head + "          json_tags_case_style: kebab\n",
			`sqlc.yaml:13:33: json_tags_case_style: there is no "kebab": write one of camel, pascal, snake, none`,
		},
		{
			"columns behind text outside ASCII",
			head + "          rename: {größe: Größe, länge: länge}\n",
			`sqlc.yaml:13:46: rename: "länge" is no exported Go name: begin it with a capital, and use letters and digits`,
		},
		{
			"options that do nothing here",
			head + `          emit_prepared_queries: true
          emit_exported_queries: true
          emit_methods_with_db_argument: true
          sql_package: pgx/v5
          sql_driver: github.com/go-sql-driver/mysql
          emit_enum_valid_method: true
          build_tags: sqlite
          output_models_file_name: structs.go
          output_files_suffix: _gen
          out: other
          output_models_path: a
          wrap_errors:
`,
			`sqlc.yaml:13:11: warning: option emit_prepared_queries does nothing here: each connection keeps its statements prepared already: remove it
sqlc.yaml:14:11: option emit_exported_queries does nothing here: SQL runs through the generated methods only, which keeps it to its schema: remove it
sqlc.yaml:15:11: option emit_methods_with_db_argument does nothing here: New takes the handle, so that no query runs on a database of another schema: remove it
sqlc.yaml:16:11: warning: option sql_package does nothing here: generated code runs on Silo's own connections, not on a package such as database/sql: remove it
sqlc.yaml:17:11: warning: option sql_driver does nothing here: Silo has SQLite built in: remove it
sqlc.yaml:18:11: warning: option emit_enum_valid_method does nothing here: SQLite has no enum types: remove it
sqlc.yaml:19:11: option build_tags does nothing here: the packages are whole with all their files only: remove it, and put the tags on the code that imports them
sqlc.yaml:20:11: warning: option output_models_file_name does nothing here: the file is called models.go: remove it
sqlc.yaml:21:11: warning: option output_files_suffix does nothing here: a generated file is called as its query file: remove it
sqlc.yaml:22:11: option out does nothing here: the folder is said beside plugin and options: move it there
sqlc.yaml:23:11: option output_models_path does nothing here: the structs are in the package of the queries: remove it
sqlc.yaml:24:11: option wrap_errors does nothing here: errors name the query always: remove it`,
		},
		{
			"unknown options",
			head + `          pakage: gen
          emitJsonTags: true
          emit_json: true
          json-tags-case-style: camel
          initialism: [id]
          emit_prepared_query: true
          verbose: true
          [a]: b
`,
			`sqlc.yaml:13:11: unknown option "pakage": did you mean package?
sqlc.yaml:14:11: unknown option "emitJsonTags": did you mean emit_json_tags?
sqlc.yaml:15:11: unknown option "emit_json": did you mean emit_json_tags?
sqlc.yaml:16:11: unknown option "json-tags-case-style": did you mean json_tags_case_style?
sqlc.yaml:17:11: unknown option "initialism": did you mean initialisms?
sqlc.yaml:18:11: unknown option "emit_prepared_query": sqlc's emit_prepared_queries does nothing here either: each connection keeps its statements prepared already: remove it
sqlc.yaml:19:11: unknown option "verbose": docs/sql.md lists the options there are
sqlc.yaml:20:11: a key of options is a list: write the name of an option`,
		},
	})
}
