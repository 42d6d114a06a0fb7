package corpus

import (
	"encoding/json"
	"fmt"
	gotoken "go/token"
	"maps"
	"slices"
	"strings"
)

// siloOptions is the configuration of a Silo project: one option a line, and of the
// overrides one entry a line, so that a problem's line says what it is about.
type siloOptions struct {
	pkg, migrations string
	names           []string
	values          map[string]string // as JSON, which YAML is too
	overrides       []override        // beside the values
}

// pointless are options of sqlc's Go generator that have no counterpart because of what
// Silo is, and that change nothing about what a query means.
var pointless = []string{
	"package", "out", "sql_package", "sql_driver", "emit_prepared_queries", "emit_exported_queries",
	"emit_methods_with_db_argument", "emit_enum_valid_method", "emit_all_enum_values", "emit_pointers_for_null_enum_types",
	"build_tags", "omit_sqlc_version", "emit_err_nil_if_no_rows", "wrap_errors", "emit_build_tags", "emit_sqlc_version",
	"output_batch_file_name", "output_db_file_name", "output_models_file_name", "output_querier_file_name",
	"output_copyfrom_file_name", "output_files_suffix", "output_models_path", "output_models_package",
	"output_models_import", "output_models_emit", "inline_structs", "models_package_import_path",
}

// newOptions translates the options of a unit. Its own overrides come before those of
// the whole file, as sqlc has it.
func newOptions(u *Unit, pkg, migrations string) siloOptions {
	o := siloOptions{pkg: pkg, migrations: migrations, values: map[string]string{}}
	options := clone(u.settings.options)
	if shared, ok := u.settings.overrides.(map[string]any); ok {
		if more := list(shared["overrides"]); len(more) > 0 {
			options["overrides"] = append(slices.Clone(list(options["overrides"])), more...)
		}
		if shared, ok := shared["rename"].(map[string]any); ok {
			own, _ := options["rename"].(map[string]any)
			merged := clone(shared)
			maps.Copy(merged, own)
			options["rename"] = merged
		}
	}
	for _, entry := range list(options["overrides"]) {
		o.overrides = append(o.overrides, newOverride(entry))
	}
	delete(options, "overrides")
	for _, name := range slices.Sorted(maps.Keys(options)) {
		if slices.Contains(pointless, name) {
			if name != "package" && name != "out" {
				u.note("option %s has no counterpart", name)
			}
			continue
		}
		data, err := json.Marshal(options[name])
		if err != nil {
			u.note("option %s: %v", name, err)
			continue
		}
		o.names = append(o.names, name)
		o.values[name] = string(data)
	}
	return o
}

// packageName returns a name for the generated package.
func (u *Unit) packageName() string {
	name, _ := u.settings.options["package"].(string)
	if !gotoken.IsIdentifier(name) || name == "main" || name == "_" {
		return "db"
	}
	return name
}

const configHead = `version: "2"
sql:
  - engine: sqlite
    schema: migrations
    queries: %s
    codegen:
      - plugin: silo
        out: gen
        options:
          package: %s
          kind: tenant
          migrations: %s
`

// config returns the text of the configuration.
func (o *siloOptions) config(queries []string) string {
	list, _ := json.Marshal(queries) // strings can be marshalled
	var text strings.Builder
	fmt.Fprintf(&text, configHead, list, o.pkg, o.migrations)
	for _, name := range o.names {
		fmt.Fprintf(&text, "          %s: %s\n", name, o.values[name])
	}
	if len(o.overrides) > 0 {
		text.WriteString("          overrides:\n")
	}
	for _, override := range o.overrides {
		fmt.Fprintf(&text, "            - %s\n", override.text)
	}
	return text.String()
}

// drop takes out the options at lines of the configuration, and returns what they are,
// by line.
func (o *siloOptions) drop(lines ...int) map[int]string {
	dropped := map[int]string{}
	var names []string
	var overrides []override
	line := strings.Count(configHead, "\n")
	for _, name := range o.names {
		if line++; slices.Contains(lines, line) {
			dropped[line] = name
		} else {
			names = append(names, name)
		}
	}
	line++ // overrides:
	for _, override := range o.overrides {
		if line++; slices.Contains(lines, line) {
			dropped[line] = "overrides, the entry " + override.text
		} else {
			overrides = append(overrides, override)
		}
	}
	o.names, o.overrides = names, overrides
	return dropped
}
