// Package config reads the parts of an sqlc configuration that Silo's generator uses.
// sqlc.yaml, sqlc.yml and sqlc.json are all read as YAML, of which JSON is a part.
package config

import (
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/internal/nearest"
)

// Plugin is the name under which blocks of a configuration ask for Silo's code.
const Plugin = "silo"

// The kinds of schemas.
const (
	Tenant = "tenant" // a file of its own for each tenant
	Global = "global" // the one database beside them

	// Catalog is Silo's own part of the global database. What is generated for it compiles
	// in Silo itself only, and is not proposed to anybody.
	Catalog = "catalog"
)

// Block is one package to generate.
type Block struct {
	Line    int      // in the configuration
	Schema  []string // folders, files or patterns, as written
	Queries []string // folders, files or patterns of .sql files, as written
	Out     string   // the folder of the generated package

	Package    string // the generated package's name
	Kind       string // Tenant, Global or Catalog
	ImportPath string // the package of the variable that embeds the migrations
	Variable   string // its name

	// SchemaAt and QueriesAt are where each entry of Schema and Queries stands, and
	// MigrationsAt is where the option migrations does.
	SchemaAt, QueriesAt []Place
	MigrationsAt        Place

	Options Options
}

// Place is one of the configuration.
type Place struct{ Line, Column int }

var (
	topKeys     = []string{"version", "sql", "overrides", "plugins", "rules", "cloud", "servers", "options"}
	blockKeys   = []string{"engine", "schema", "queries", "codegen", "gen", "name", "database", "rules", "analyzer", "strict_function_checks", "strict_order_by"}
	codegenKeys = []string{"plugin", "out", "options"}
)

// Parse reads a configuration. file is its name in messages. Blocks that do not ask for
// Silo's code are sqlc's own, and passed over.
func Parse(file string, data []byte) ([]Block, problem.List) {
	r := &reader{file: file, lines: lines(string(data))}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		r.syntax(data, err)
		return nil, r.problems
	}
	root := &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}
	if len(document.Content) > 0 {
		root = resolve(document.Content[0])
	}
	r.duplicates(root)
	all := r.mapping(root, "the configuration", `version: "2", and sql: with what to generate`)
	if root.Kind != yaml.MappingNode || !r.version(root) {
		return nil, r.problems
	}
	r.unknown(all, "the configuration", topKeys)
	shared := r.shared(root)
	var blocks []Block
	if list := field(root, "sql"); list == nil {
		r.problem(root, "sql is missing: write a list of blocks with engine, schema, queries and codegen")
	} else {
		sql := r.list(list, "sql", "a list of blocks with engine, schema, queries and codegen")
		for _, node := range sql {
			blocks = append(blocks, r.block(root, node, shared)...)
		}
		if len(blocks) == 0 {
			r.noBlock(list, sql)
		}
	}
	r.distinct(blocks)
	return blocks, r.problems
}

// shared reads what the configuration says of all Go code.
func (r *reader) shared(root *yaml.Node) Options {
	var o Options
	overrides := field(root, "overrides")
	if overrides == nil {
		return o
	}
	const form = "go: with overrides and rename under it"
	all := r.mapping(overrides, "overrides", form)
	r.unknown(all, "overrides", []string{"go"})
	goOverrides := field(overrides, "go")
	if goOverrides == nil {
		return o
	}
	all = r.mapping(goOverrides, "overrides: go", "overrides and rename under it")
	r.unknown(all, "overrides: go", []string{"overrides", "rename"})
	for _, e := range all {
		switch e.key.Value {
		case "overrides":
			o.Overrides = r.overrides(e.value)
		case "rename":
			o.Rename, o.RenameLines = r.rename(e.value)
		}
	}
	return o
}

// block reads an entry of the list sql. There is a block for each codegen entry that asks
// for Silo's code.
func (r *reader) block(root, node *yaml.Node, shared Options) []Block {
	all := r.mapping(node, "an entry of sql", "engine, schema, queries and codegen")
	r.unknown(all, "an entry of sql", blockKeys)
	codegen := field(node, "codegen")
	if codegen == nil {
		return nil
	}
	var asked []*yaml.Node
	for _, entry := range r.list(codegen, "codegen", "a list of entries with plugin, out and options") {
		all := r.mapping(entry, "an entry of codegen", "plugin, out and options")
		r.unknown(all, "an entry of codegen", codegenKeys)
		switch plugin := field(entry, "plugin"); {
		case entry.Kind != yaml.MappingNode:
		case plugin == nil:
			r.problem(entry, "plugin is missing: write plugin: %s", Plugin)
		case plugin.Value == Plugin:
			asked = append(asked, entry)
		default:
			r.plugin(root, plugin)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	block := Block{Options: Options{ParameterLimit: 1}}
	if engine := field(node, "engine"); engine == nil {
		r.problem(node, "engine is missing: write engine: sqlite")
	} else if engine.Value != "sqlite" {
		r.problem(engine, "Silo's databases are SQLite files: write engine: sqlite")
	}
	block.Schema, block.SchemaAt = r.places(node, "schema", "the folder of the goose migrations")
	block.Queries, block.QueriesAt = r.places(node, "queries", "the folder of the .sql files")
	if engine := peek(node, "engine"); engine != "" && engine != "sqlite" {
		block.Schema, block.Queries = nil, nil // are not SQLite's, so there is nothing to check in them
	}
	blocks := make([]Block, len(asked))
	for i, entry := range asked {
		blocks[i] = block
		blocks[i].Line = entry.Line
		blocks[i].Out = r.out(entry)
		r.options(entry, &blocks[i])
		blocks[i].Options.add(shared)
	}
	return blocks
}

// plugin refuses the name of a plugin that nobody knows, which may be meant to be Silo's.
func (r *reader) plugin(root, name *yaml.Node) {
	known := []string{Plugin}
	if plugins := field(root, "plugins"); plugins != nil && plugins.Kind == yaml.SequenceNode {
		for _, plugin := range plugins.Content {
			known = append(known, peek(plugin, "name"))
		}
	}
	if value, ok := r.text(name, "plugin", Plugin); ok && !slices.Contains(known, value) {
		r.problem(name, "plugin: %q is not under plugins%s", value, nearest.Suggestion(value, known))
	}
}

// add adds what the configuration says of all Go code. What a block says comes first.
func (o *Options) add(shared Options) {
	o.Overrides = append(o.Overrides, shared.Overrides...)
	for from, to := range shared.Rename {
		if o.Rename == nil {
			o.Rename, o.RenameLines = map[string]string{}, map[string]int{}
		}
		if _, own := o.Rename[from]; !own {
			o.Rename[from], o.RenameLines[from] = to, shared.RenameLines[from]
		}
	}
}

// places reads a path, or a list of paths, with where each of them stands.
func (r *reader) places(node *yaml.Node, key, what string) (paths []string, at []Place) {
	value := field(node, key)
	if value == nil {
		r.problem(node, "%s is missing: name %s", key, what)
		return nil, nil
	}
	if value.Kind != yaml.SequenceNode {
		if path, ok := r.text(value, key, what+", or a list"); ok {
			return []string{path}, []Place{r.place(value)}
		}
		return nil, nil
	}
	for _, element := range r.list(value, key, what) {
		if path, ok := r.text(element, "an entry of "+key, "a name there"); ok {
			paths, at = append(paths, path), append(at, r.place(element))
		}
	}
	if len(value.Content) == 0 {
		r.problem(value, "%s is an empty list: name %s", key, what)
	}
	return paths, at
}

// out reads the folder of the generated package.
func (r *reader) out(codegen *yaml.Node) string {
	node := field(codegen, "out")
	if node == nil {
		r.problem(codegen, "out is missing: name the folder of the generated package")
		return ""
	}
	out, ok := r.text(node, "out", "the folder of the generated package")
	if !ok {
		return ""
	}
	switch clean := path.Clean(out); {
	case path.IsAbs(clean) || clean == ".." || strings.HasPrefix(clean, "../"):
		r.problem(node, "out: %s lies outside the folder of this file: name one inside, or move this file", out)
	case clean == ".":
		r.problem(node, "out: %s is the folder of this file: name one for the generated package alone, such as gen", out)
	}
	return out
}

// distinct refuses two packages in one folder, which would remove each other's files.
func (r *reader) distinct(blocks []Block) {
	lines := map[string]int{}
	for _, block := range blocks {
		if block.Out == "" {
			continue
		}
		out := path.Clean(block.Out)
		if line := lines[out]; line != 0 {
			r.problems.Add(r.file, block.Line, "out: %s is also that of line %d: give each package a folder of its own", block.Out, line)
			continue
		}
		lines[out] = block.Line
	}
}
