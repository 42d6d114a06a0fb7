// Package config reads the parts of sqlc.yaml that Silo's generator uses.
package config

import (
	"fmt"
	"go/token"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// Plugin is the name under which blocks of sqlc.yaml ask for Silo's code.
const Plugin = "silo"

// The kinds of schemas.
const (
	Tenant = "tenant" // a file of its own for each tenant
	Global = "global" // the one database beside them
)

// Block is one package to generate.
type Block struct {
	Line    int      // in sqlc.yaml
	Schema  string   // the folder of the goose migrations
	Queries []string // folders, files or patterns of .sql files
	Out     string   // the folder of the generated package

	Package    string            // the generated package's name
	Kind       string            // Tenant or Global
	ImportPath string            // the package of the variable that embeds the migrations
	Variable   string            // its name
	Rename     map[string]string // the Go name of a table or column, by its SQL name
}

// Parse reads a configuration. file is its name in messages.
func Parse(file string, data []byte) ([]Block, problem.List) {
	r := reader{file: file}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		r.problem(nil, "%s", strings.TrimPrefix(err.Error(), "yaml: "))
		return nil, r.problems
	}
	root := &yaml.Node{}
	if len(document.Content) > 0 {
		root = document.Content[0]
	}
	if version := field(root, "version"); version == nil || version.Value != "2" {
		r.problem(version, `write version: "2"`)
	}
	var blocks []Block
	if list := field(root, "sql"); list != nil {
		for _, node := range list.Content {
			blocks = append(blocks, r.blocks(node)...)
		}
	}
	if len(blocks) == 0 && r.problems.Len() == 0 {
		r.problem(root, "no block under sql: has a codegen entry with plugin: %s", Plugin)
	}
	r.distinct(blocks)
	return blocks, r.problems
}

type reader struct {
	file     string
	problems problem.List
}

func (r *reader) problem(node *yaml.Node, format string, args ...any) {
	line := 0
	if node != nil {
		line = node.Line
	}
	r.problems.Add(r.file, line, format, args...)
}

// blocks reads an entry of the list sql.
func (r *reader) blocks(node *yaml.Node) []Block {
	codegen := field(node, "codegen")
	if codegen == nil {
		return nil
	}
	var blocks []Block
	for _, entry := range codegen.Content {
		if plugin := field(entry, "plugin"); plugin == nil || plugin.Value != Plugin {
			continue
		}
		block := Block{Line: entry.Line, Queries: r.queries(node)}
		if engine := field(node, "engine"); engine == nil || engine.Value != "sqlite" {
			r.problem(or(engine, node), "Silo's databases are SQLite files: write engine: sqlite")
		}
		if schema := field(node, "schema"); schema == nil {
			r.problem(node, "schema is missing: name the folder of the goose migrations")
		} else if folders := values(schema); len(folders) != 1 {
			r.problem(schema, "schema names %d places: Silo takes one folder of goose migrations", len(folders))
		} else {
			block.Schema = folders[0]
		}
		if out := field(entry, "out"); out == nil || out.Value == "" {
			r.problem(entry, "out is missing: name the folder of the generated package")
		} else {
			block.Out = out.Value
			r.inside(out, "out")
		}
		r.options(entry, &block)
		blocks = append(blocks, block)
	}
	return blocks
}

func (r *reader) queries(node *yaml.Node) []string {
	queries := field(node, "queries")
	if queries == nil {
		r.problem(node, "queries is missing: name the folder of the .sql files")
		return nil
	}
	return values(queries)
}

// inside refuses a folder outside that of sqlc.yaml.
func (r *reader) inside(node *yaml.Node, what string) {
	if clean := path.Clean(node.Value); path.IsAbs(clean) || clean == ".." || strings.HasPrefix(clean, "../") {
		r.problem(node, "%s: %s lies outside the folder of this file", what, node.Value)
	}
}

// options reads the options of the plugin.
func (r *reader) options(entry *yaml.Node, block *Block) {
	options := field(entry, "options")
	if options == nil {
		r.problem(entry, `options are missing: write options: {package: …, kind: tenant, migrations: "import/path.Variable"}`)
		return
	}
	known := []string{"package", "kind", "migrations", "rename"}
	set := map[string]bool{}
	for i := 0; i+1 < len(options.Content); i += 2 {
		key, value := options.Content[i], options.Content[i+1]
		set[key.Value] = true
		switch key.Value {
		case "package":
			block.Package = value.Value
			if !token.IsIdentifier(value.Value) {
				r.problem(value, "package: %q is no Go package name", value.Value)
			}
		case "kind":
			block.Kind = value.Value
			if value.Value != Tenant && value.Value != Global {
				r.problem(value, "kind: %q is neither tenant nor global%s", value.Value, suggest(value.Value, []string{Tenant, Global}))
			}
		case "migrations":
			r.migrations(value, block)
		case "rename":
			r.rename(value, block)
		default:
			r.problem(key, "unknown option %q%s", key.Value, suggest(key.Value, known))
		}
	}
	for _, name := range known[:3] {
		if !set[name] {
			r.problem(options, "option %s is missing", name)
		}
	}
}

func (r *reader) migrations(value *yaml.Node, block *Block) {
	dot := strings.LastIndexByte(value.Value, '.')
	if dot <= strings.LastIndexByte(value.Value, '/') || dot < 1 || !token.IsExported(value.Value[dot+1:]) || !token.IsIdentifier(value.Value[dot+1:]) {
		r.problem(value, `migrations: %q is not of the form "import/path.Variable": name the exported embed.FS of the migrations`, value.Value)
		return
	}
	block.ImportPath, block.Variable = value.Value[:dot], value.Value[dot+1:]
}

func (r *reader) rename(value *yaml.Node, block *Block) {
	block.Rename = map[string]string{}
	for i := 0; i+1 < len(value.Content); i += 2 {
		name := value.Content[i+1]
		if !token.IsIdentifier(name.Value) || !token.IsExported(name.Value) {
			r.problem(name, "rename: %q is no exported Go name", name.Value)
		}
		block.Rename[value.Content[i].Value] = name.Value
	}
}

// distinct refuses two packages in one folder, which would remove each other's files.
func (r *reader) distinct(blocks []Block) {
	lines := map[string]int{}
	for _, block := range blocks {
		out := path.Clean(block.Out)
		if line := lines[out]; line != 0 && block.Out != "" {
			r.problems.Add(r.file, block.Line, "out: %s is also that of line %d: give each package a folder of its own", block.Out, line)
		}
		lines[out] = block.Line
	}
}

// field returns the value of a mapping's key, or nil.
func field(node *yaml.Node, key string) *yaml.Node {
	if node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	return nil
}

// values returns a string, or the strings of a list.
func values(node *yaml.Node) []string {
	if node.Kind == yaml.ScalarNode {
		return []string{node.Value}
	}
	var all []string
	for _, entry := range node.Content {
		all = append(all, entry.Value)
	}
	return all
}

func or(a, b *yaml.Node) *yaml.Node {
	if a != nil {
		return a
	}
	return b
}

// suggest proposes the known name nearest to a wrong one.
func suggest(wrong string, known []string) string {
	best, distance := "", len(wrong)
	for _, name := range known {
		if d := edits(wrong, name); d < distance {
			best, distance = name, d
		}
	}
	if best == "" {
		return fmt.Sprintf(": there are %s", strings.Join(known, ", "))
	}
	return fmt.Sprintf(": did you mean %s?", best)
}

// edits counts the single changes that make one word of the other.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
