package config

import (
	"github.com/silokit/silo/internal/nearest"
	"go/token"
	"maps"
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"gopkg.in/yaml.v3"
)

// Options are what a block's options say of the generated code, with what the
// configuration says of all Go code. The zero value of a field is sqlc's default, with
// two exceptions: ParameterLimit, and NULL is a pointer unless NullStructs is set.
type Options struct {
	// Rename are Go's names by those in SQL: sqlc's rename.
	Rename map[string]string

	// RenameLines are the lines of the configuration where Rename's keys stand.
	RenameLines map[string]int

	// Initialisms are the words, in lower case, that Go's names have in capitals: sqlc's
	// initialisms. Nil is id alone; a list of none is none.
	Initialisms []string

	// Overrides are sqlc's overrides. The first that matches counts.
	Overrides []Override

	// JSONTags gives struct fields json tags: sqlc's emit_json_tags.
	JSONTags bool

	// DBTags gives struct fields db tags: sqlc's emit_db_tags.
	DBTags bool

	// JSONTagsIDUppercase writes userID in place of userId: sqlc's json_tags_id_uppercase.
	JSONTagsIDUppercase bool

	// JSONTagsCase is camel, pascal, snake, or none for the names that columns have, as is
	// "": sqlc's json_tags_case_style.
	JSONTagsCase string

	// Interface adds the interface Querier: sqlc's emit_interface.
	Interface bool

	// EmptySlices returns a slice of nothing for no rows, not nil: sqlc's
	// emit_empty_slices.
	EmptySlices bool

	// OmitUnusedStructs leaves out the structs of tables that no query returns: sqlc's
	// omit_unused_structs.
	OmitUnusedStructs bool

	// ExactTableNames keeps the plural of tables' names in structs: sqlc's
	// emit_exact_table_names.
	ExactTableNames bool

	// SQLAsComment puts the SQL into the doc comments: sqlc's emit_sql_as_comment.
	SQLAsComment bool

	// ResultPointers returns pointers to structs: sqlc's emit_result_struct_pointers.
	ResultPointers bool

	// ParamsPointers takes pointers to structs: sqlc's emit_params_struct_pointers.
	ParamsPointers bool

	// NullStructs makes sql.Null[T] of what may be NULL, where *T is the default: false for
	// sqlc's emit_pointers_for_null_types.
	NullStructs bool

	// KeepNames are the tables whose names have no plural to take away: sqlc's
	// inflection_exclude_table_names.
	KeepNames []string

	// KeepNamesLine is the line of the configuration where KeepNames begins.
	KeepNamesLine int

	// ParameterLimit is the number of parameters up to which they are arguments of their
	// own and not a struct: sqlc's query_parameter_limit. It is 1 when nothing is said.
	ParameterLimit int
}

// switches are the options that are true or false, by their names.
func (o *Options) switches() map[string]*bool {
	return map[string]*bool{
		"emit_json_tags":              &o.JSONTags,
		"emit_db_tags":                &o.DBTags,
		"json_tags_id_uppercase":      &o.JSONTagsIDUppercase,
		"emit_interface":              &o.Interface,
		"emit_empty_slices":           &o.EmptySlices,
		"omit_unused_structs":         &o.OmitUnusedStructs,
		"emit_exact_table_names":      &o.ExactTableNames,
		"emit_sql_as_comment":         &o.SQLAsComment,
		"emit_result_struct_pointers": &o.ResultPointers,
		"emit_params_struct_pointers": &o.ParamsPointers,
	}
}

// required are the options that each block needs.
var required = []string{"package", "kind", "migrations"}

// knownOptions are all names that can stand in options, also those that are refused with
// an explanation.
func knownOptions() []string {
	known := append(slices.Clone(required), "rename", "overrides", "initialisms", "json_tags_case_style", "emit_pointers_for_null_types",
		"inflection_exclude_table_names", "query_parameter_limit")
	known = slices.AppendSeq(known, maps.Keys(new(Options).switches()))
	return slices.AppendSeq(known, maps.Keys(pointless))
}

const optionsForm = `options: {package: …, kind: tenant, migrations: "import/path.Variable"}`

// options reads the options of the plugin.
func (r *reader) options(codegen *yaml.Node, block *Block) {
	options := field(codegen, "options")
	if options == nil {
		r.problem(codegen, "options are missing: write %s", optionsForm)
		return
	}
	all := r.mapping(options, "options", "{"+strings.TrimPrefix(optionsForm, "options: {"))
	switches := block.Options.switches()
	for _, e := range all {
		if on := switches[e.key.Value]; on != nil {
			*on = r.truth(e.value, e.key.Value)
		} else {
			r.option(e, block)
		}
	}
	if options.Kind != yaml.MappingNode {
		return
	}
	for _, name := range required {
		if field(options, name) == nil {
			r.problem(options, "option %s is missing: write %s", name, optionsForm)
		}
	}
}

// option reads an option that is not just true or false.
func (r *reader) option(e entry, block *Block) {
	o := &block.Options
	switch name, value := e.key.Value, e.value; name {
	case "package":
		block.Package = r.packageOption(value)
	case "kind":
		kind, ok := r.text(value, name, "tenant or global")
		if ok && kind != Tenant && kind != Global && kind != Catalog {
			r.problem(value, "kind: %q is neither tenant nor global%s", kind, nearest.Suggestion(kind, []string{Tenant, Global}))
		}
		block.Kind = kind
	case "migrations":
		block.ImportPath, block.Variable = r.migrations(value)
		block.MigrationsAt = r.place(value)
	case "rename":
		o.Rename, o.RenameLines = r.rename(value)
	case "overrides":
		o.Overrides = r.overrides(value)
	case "initialisms":
		o.Initialisms = r.texts(value, name, "a list of words, such as [id, url], or [] for none")
		for i, word := range o.Initialisms {
			o.Initialisms[i] = strings.ToLower(word)
		}
	case "json_tags_case_style":
		o.JSONTagsCase = r.caseStyle(value)
	case "emit_pointers_for_null_types":
		o.NullStructs = !r.truth(value, name)
	case "inflection_exclude_table_names":
		o.KeepNamesLine = value.Line
		o.KeepNames = r.texts(value, name, "a list of names of tables")
	case "query_parameter_limit":
		o.ParameterLimit = r.limit(value)
	default:
		r.refuse(e, block)
	}
}

func (r *reader) packageOption(value *yaml.Node) string {
	name, ok := r.text(value, "package", "the name of the generated package")
	if ok && (!token.IsIdentifier(name) || name == "_" || name == "main") {
		r.problem(value, "package: %q is no name of a Go package that others import: write one of small letters, such as that of the folder", name)
	}
	return name
}

func (r *reader) migrations(value *yaml.Node) (importPath, variable string) {
	const form = `"import/path.Variable", the exported embed.FS of the migrations`
	text, ok := r.text(value, "migrations", form)
	if !ok {
		return "", ""
	}
	dot := strings.LastIndexByte(text, '.')
	if dot < 0 || !token.IsIdentifier(text[dot+1:]) || !token.IsExported(text[dot+1:]) || module.CheckImportPath(text[:dot]) != nil {
		r.problem(value, "migrations: %q is no variable of a package: write %s", text, form)
		return "", ""
	}
	return text[:dot], text[dot+1:]
}

func (r *reader) rename(value *yaml.Node) (renamed map[string]string, lines map[string]int) {
	renamed, lines = map[string]string{}, map[string]int{}
	for _, e := range r.mapping(value, "rename", "names in SQL with those in Go, such as {url: URL}") {
		if e.key.Kind != yaml.ScalarNode {
			r.wrong(e.key, "a key of rename", "a name in SQL")
			continue
		}
		name, ok := r.text(e.value, "rename: "+e.key.Value, "the name in Go")
		if ok && (!token.IsIdentifier(name) || !token.IsExported(name)) {
			r.problem(e.value, "rename: %q is no exported Go name: begin it with a capital, and use letters and digits", name)
		}
		renamed[e.key.Value], lines[e.key.Value] = name, e.key.Line
	}
	return renamed, lines
}

func (r *reader) caseStyle(value *yaml.Node) string {
	styles := []string{"camel", "pascal", "snake", "none"}
	if isString(value) && value.Value == "" {
		return ""
	}
	style, ok := r.text(value, "json_tags_case_style", strings.Join(styles, ", "))
	if ok && !slices.Contains(styles, style) {
		r.problem(value, "json_tags_case_style: there is no %q%s", style, nearest.Suggestion(style, styles))
	}
	return style
}

func (r *reader) limit(value *yaml.Node) int {
	var limit int
	if value.Kind != yaml.ScalarNode || value.ShortTag() != "!!int" || value.Decode(&limit) != nil {
		r.wrong(value, "query_parameter_limit", "a number, such as 1, or 0 to have a struct always")
		return 0
	}
	if limit < 0 {
		r.problem(value, "query_parameter_limit: %d is negative: write 0 to have a struct always", limit)
	}
	return limit
}
