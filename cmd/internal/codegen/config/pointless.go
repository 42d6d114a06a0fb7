package config

import (
	"github.com/silokit/silo/internal/nearest"
	"slices"

	"gopkg.in/yaml.v3"
)

// refused is an option of sqlc's that does nothing here.
type refused struct {
	why string // and what to do

	// harmless are values that say what is so anyway: sqlc's default, or what Silo does.
	// They are passed over, so that a configuration can be taken as it is.
	harmless []string
}

// idle are the options of which no value changes what the application sees: to pass them
// over loses nothing that somebody could have relied on.
var idle = []string{
	"sql_package", "sql_driver", "emit_prepared_queries", "emit_enum_valid_method", "emit_all_enum_values", "emit_pointers_for_null_enum_types",
	"output_batch_file_name", "output_copyfrom_file_name", "output_db_file_name", "output_models_file_name", "output_querier_file_name", "output_files_suffix",
}

// pointless are the options of sqlc's Go generator that Silo's has no use for.
var pointless = map[string]refused{
	"sql_package": {"generated code runs on Silo's own connections, not on a package such as database/sql: remove it", []string{"", "database/sql"}},
	"sql_driver":  {"Silo has SQLite built in: remove it", []string{""}},
	"emit_prepared_queries": {
		"each connection keeps its statements prepared already: remove it", []string{"false"},
	},
	"emit_exported_queries": {
		"SQL runs through the generated methods only, which keeps it to its schema: remove it", []string{"false"},
	},
	"emit_methods_with_db_argument": {
		"New takes the handle, so that no query runs on a database of another schema: remove it", []string{"false"},
	},
	"emit_enum_valid_method":            {"SQLite has no enum types: remove it", []string{"false"}},
	"emit_all_enum_values":              {"SQLite has no enum types: remove it", []string{"false"}},
	"emit_pointers_for_null_enum_types": {"SQLite has no enum types: remove it", []string{"false"}},
	"build_tags":                        {"the packages are whole with all their files only: remove it, and put the tags on the code that imports them", []string{""}},
	"emit_build_tags":                   {"the packages are whole with all their files only: remove it, and put the tags on the code that imports them", []string{"", "false"}},
	"output_batch_file_name":            {"there is no batch file: remove it", []string{"", "batch.go"}},
	"output_copyfrom_file_name":         {"there is no file of its own for bulk calls: remove it", []string{"", "copyfrom.go"}},
	"output_db_file_name":               {"the file is called silo.go: remove it", []string{"", "db.go"}},
	"output_models_file_name":           {"the file is called models.go: remove it", []string{"", "models.go"}},
	"output_querier_file_name":          {"the file is called querier.go: remove it", []string{"", "querier.go"}},
	"output_files_suffix":               {"a generated file is called as its query file: remove it", []string{""}},
	"output_models_path":                {"the structs are in the package of the queries: remove it", []string{""}},
	"output_models_package":             {"the structs are in the package of the queries: remove it", []string{""}},
	"output_models_import":              {"the structs are in the package of the queries: remove it", []string{""}},
	"output_models_emit":                {"the structs are in the package of the queries: remove it", []string{"true"}},
	"omit_sqlc_version":                 {"generated files name no version of sqlc: remove it", []string{"true", "false"}},
	"wrap_errors":                       {"errors name the query always: remove it", []string{"true", "false"}},
	"out":                               {"the folder is said beside plugin and options: move it there", []string{""}},
}

// refuse notes an option that means nothing to Silo.
func (r *reader) refuse(e entry, block *Block) {
	name := e.key.Value
	if e.key.Kind != yaml.ScalarNode {
		r.wrong(e.key, "a key of options", "the name of an option")
		return
	}
	if option, ok := pointless[name]; ok {
		same := name == "out" && e.value.Value == block.Out
		if e.value.Kind != yaml.ScalarNode || e.value.ShortTag() == "!!null" || !same && !slices.Contains(option.harmless, e.value.Value) {
			note := r.problem
			if slices.Contains(idle, name) {
				note = r.warn
			}
			note(e.key, "option %s does nothing here: %s", name, option.why)
		}
		return
	}
	meant := nearest.Name(name, knownOptions())
	if meant == "" {
		r.problem(e.key, "unknown option %q: docs/sql.md lists the options there are", name)
		return
	}
	if option, ok := pointless[meant]; ok {
		r.problem(e.key, "unknown option %q: sqlc's %s does nothing here either: %s", name, meant, option.why)
		return
	}
	r.problem(e.key, "unknown option %q: did you mean %s?", name, meant)
}
