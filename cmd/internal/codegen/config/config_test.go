package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

// head is what the options of a case stand behind.
const head = `version: "2"
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
`

// withOptions is a configuration whose options are some more lines, from line 13 on.
func withOptions(lines string) string {
	return head + "          " + strings.ReplaceAll(lines, "\n", "\n          ") + "\n"
}

func block(change func(*config.Block)) config.Block {
	b := config.Block{
		Line: 7, Schema: []string{"schema"}, Queries: []string{"queries"}, Out: "gen",
		Package: "gen", Kind: config.Tenant, ImportPath: "example.com/app/schema", Variable: "Tenant",
		Options: config.Options{ParameterLimit: 1},
	}
	if change != nil {
		change(&b)
	}
	return b
}

func TestConfigurationsAreRead(t *testing.T) {
	for _, test := range []struct {
		name, data string
		want       []config.Block
	}{
		{"the least there is", head, []config.Block{block(nil)}},
		{
			"JSON, indented by tabs",
			"{\n\t\"version\": \"2\",\n\t\"sql\": [{\n\t\t\"engine\": \"sqlite\", \"schema\": \"schema\", \"queries\": \"queries\",\n\t\t\"codegen\": [\n\n\t\t\t{\"plugin\": \"silo\", \"out\": \"gen\", \"options\": {\"package\": \"gen\", \"kind\": \"tenant\", \"migrations\": \"example.com/app/schema.Tenant\"}}\n\t\t]\n\t}]\n}\n",
			[]config.Block{block(nil)},
		},
		{"a byte order mark and CRLF", "\ufeff" + strings.ReplaceAll(head, "\n", "\r\n"), []config.Block{block(nil)}},
		{"a version without quotes", strings.Replace(head, `"2"`, "2", 1), []config.Block{block(nil)}},
		{
			"lists of places",
			strings.Replace(strings.Replace(head, "schema: schema", `schema: [schema/*.sql, ../more]`, 1), "queries: queries", "queries: [a, b.sql]", 1),
			[]config.Block{block(func(b *config.Block) {
				b.Schema, b.Queries = []string{"schema/*.sql", "../more"}, []string{"a", "b.sql"}
			})},
		},
		{
			"what sqlc alone has a use for",
			strings.Replace(head, "    codegen:", "    name: main\n    database: {uri: ':memory:'}\n    rules: [sqlc/db-prepare]\n    analyzer: {database: false}\n    strict_function_checks: true\n    strict_order_by: false\n    gen: {go: {out: db, nonsense: 1}}\n    codegen:", 1) +
				"plugins: [{name: other, process: {cmd: other}}]\nrules: []\ncloud: {project: x}\nservers: []\noptions: {}\n",
			[]config.Block{block(func(b *config.Block) { b.Line = 14 })},
		},
		{
			"blocks that are sqlc's business",
			head + "  - engine: postgresql\n    gen: {go: {out: ../pg, whatever: true}}\n  - {engine: mysql, codegen: [{plugin: other, out: /x}]}\nplugins: [{name: other}]\n",
			[]config.Block{block(nil)},
		},
		{
			"two packages of one block, one inside the other",
			head + "      - {plugin: silo, out: gen/other/, options: {package: other, kind: global, migrations: a/b.C}}\n",
			[]config.Block{block(nil), block(func(b *config.Block) {
				b.Line, b.Out, b.Package, b.Kind, b.ImportPath, b.Variable = 13, "gen/other/", "other", config.Global, "a/b", "C"
			})},
		},
		{
			"every option that is true or false",
			withOptions("emit_json_tags: true\nemit_db_tags: true\njson_tags_id_uppercase: true\nemit_interface: true\nemit_empty_slices: true\nomit_unused_structs: true\nemit_exact_table_names: true\nemit_sql_as_comment: true\nemit_result_struct_pointers: true\nemit_params_struct_pointers: true\nemit_pointers_for_null_types: false"),
			[]config.Block{block(func(b *config.Block) {
				b.Options = config.Options{
					ParameterLimit: 1, JSONTags: true, DBTags: true, JSONTagsIDUppercase: true, Interface: true, EmptySlices: true, OmitUnusedStructs: true,
					ExactTableNames: true, SQLAsComment: true, ResultPointers: true, ParamsPointers: true, NullStructs: true,
				}
			})},
		},
		{
			"every option that is a value",
			withOptions("rename: {url: URL, on: On, 1st: First}\ninitialisms: [id, URL]\njson_tags_case_style: camel\ninflection_exclude_table_names: [news]\nquery_parameter_limit: 0"),
			[]config.Block{block(func(b *config.Block) {
				b.Options = config.Options{
					Rename:      map[string]string{"url": "URL", "on": "On", "1st": "First"},
					Initialisms: []string{"id", "url"}, JSONTagsCase: "camel", KeepNames: []string{"news"}, KeepNamesLine: 16,
				}
			})},
		},
		{
			"no initialisms, which is not to say nothing of them",
			withOptions("initialisms: []"),
			[]config.Block{block(func(b *config.Block) { b.Options.Initialisms = []string{} })},
		},
		{
			"options that do nothing, as they are anyway",
			withOptions("sql_package: database/sql\nsql_driver: ''\nemit_prepared_queries: false\nemit_pointers_for_null_types: true\noutput_db_file_name: db.go\nomit_sqlc_version: true\nwrap_errors: true\nout: gen\nbuild_tags: ''\njson_tags_case_style: ''\noutput_models_emit: true"),
			[]config.Block{block(nil)},
		},
		{
			"overrides and names of the block before those of all Go code",
			withOptions("rename: {a: Block}\noverrides: [{column: t.a, go_type: int32}]") +
				"overrides:\n  go:\n    rename: {a: All, b: AllB}\n    overrides:\n      - {column: t.a, go_type: string}\n      - {column: public.t.a, go_type: string, engine: postgresql}\n      - {db_type: text, go_type: string, engine: sqlite}\n",
			[]config.Block{block(func(b *config.Block) {
				b.Options.Rename = map[string]string{"a": "Block", "b": "AllB"}
				b.Options.Overrides = []config.Override{
					{Line: 14, Column: "t.a", GoType: config.GoType{Name: "int32"}},
					{Line: 19, Column: "t.a", GoType: config.GoType{Name: "string"}},
					{Line: 21, DBType: "text", GoType: config.GoType{Name: "string"}},
				}
			})},
		},
		{
			"anchors, aliases and what is merged by them",
			`version: "2"
overrides: {go: {rename: &names {url: URL}}}
sql:
  - &base
    engine: sqlite
    schema: &place schema
    queries: queries
    codegen:
      - plugin: silo
        out: gen
        options: &options
          package: gen
          kind: tenant
          migrations: example.com/app/schema.Tenant
  - <<: *base
    queries: *place
    codegen:
      - plugin: silo
        out: other
        options:
          <<: [*options, {emit_json_tags: true, kind: global}]
          package: other
          rename: *names
`,
			[]config.Block{
				block(func(b *config.Block) { b.Line, b.Options.Rename = 9, map[string]string{"url": "URL"} }),
				block(func(b *config.Block) {
					b.Line, b.Queries, b.Out, b.Package = 18, []string{"schema"}, "other", "other"
					b.Options.JSONTags, b.Options.Rename = true, map[string]string{"url": "URL"}
				}),
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, problems := config.Parse("sqlc.yaml", []byte(test.data))
			if err := problems.Err(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, places); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(head))
	f.Add([]byte(withOptions("rename: &a {<<: *a, b: C}\noverrides: [{column: '*.a', go_type: '*a/b.C', go_struct_tag: 'a:\"b\"'}]")))
	f.Add([]byte("a: &a [*a, {<<: [*a, *a]}]\nsql: *a\nversion: 2"))
	f.Add([]byte("\r\u20280"))
	f.Add([]byte("version: 1\npackages: [{engine: sqlite, path: a}]"))
	f.Add([]byte("version: \"2\"\nsql: [{engine: sqlite, gen: {go: {out: a}}}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		blocks, problems := config.Parse("sqlc.yaml", data)
		if problems.Err() == nil && len(blocks) == 0 {
			t.Error("there is neither a block nor a problem")
		}
		lines := strings.Count(string(data), "\n") + 1
		for _, other := range []string{"\r", "\u0085", "\u2028", "\u2029"} { // YAML's other ends of lines
			lines += strings.Count(string(data), other)
		}
		for _, p := range problems.Sorted() {
			if p.Line < 0 || p.Line > lines+1 || p.Column < 0 || p.Message == "" {
				t.Errorf("a problem of %d lines: %+v", lines, p)
			}
		}
	})
}
