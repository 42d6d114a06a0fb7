package config

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// version looks at the configuration's version. ok is false when the rest is not to be
// read.
func (r *reader) version(root *yaml.Node) (ok bool) {
	version := field(root, "version")
	switch {
	case version == nil:
		r.problem(root, `version is missing: write version: "2"`)
	case version.Kind != yaml.ScalarNode:
		r.wrong(version, "version", `"2"`)
	case version.Value == "1":
		r.problem(version, `version: "1" is sqlc's older form: write version: "2", and sql: in place of packages:`)
		r.packages(root)
	case version.Value != "2":
		r.problem(version, `version: Silo reads "2" alone: write version: "2"`)
	default:
		return true
	}
	return false
}

// packages shows how the packages of a configuration of version 1 are written now.
func (r *reader) packages(root *yaml.Node) {
	packages := field(root, "packages")
	if packages == nil || packages.Kind != yaml.SequenceNode {
		return
	}
	for _, element := range packages.Content {
		node := resolve(element)
		if peek(node, "engine") != "sqlite" {
			continue
		}
		out := peek(node, "path")
		name := peek(node, "name")
		if name == "" {
			name = path.Base(out)
		}
		r.problem(node, "write this package under sql: as {engine: sqlite, schema: %s, queries: %s, codegen: %s}, and its other options beside package, under the same names",
			written(field(node, "schema")), written(field(node, "queries")), codegenForm(out, name))
	}
}

// noBlock shows what to write when no block asks for Silo's code.
func (r *reader) noBlock(list *yaml.Node, sql []*yaml.Node) {
	if r.problems.Len() > 0 {
		return // the block may be the one that is wrong
	}
	shown := false
	for _, node := range sql {
		generator := field(field(node, "gen"), "go")
		if peek(node, "engine") != "sqlite" || generator == nil {
			continue
		}
		out, name := peek(generator, "out"), peek(generator, "package")
		if name == "" {
			name = path.Base(out)
		}
		r.problem(node, "this block has gen: go: and no codegen entry for Silo: write codegen: %s, and the other options of gen: go: beside package, under the same names",
			codegenForm(out, name))
		shown = true
	}
	if !shown {
		r.problem(list, "no block under sql: asks for Silo's code: write codegen: %s into one with engine: sqlite", codegenForm("", ""))
	}
}

// codegenForm is the codegen list for a package in a folder, where they are known.
func codegenForm(out, name string) string {
	if out == "" {
		out, name = "…", "…"
	}
	return fmt.Sprintf(`[{plugin: %s, out: %s, options: {package: %s, kind: tenant, migrations: "import/path.Variable"}}]`, Plugin, quoted(out), quoted(name))
}

// written writes a path or a list of paths as they can stand in YAML.
func written(node *yaml.Node) string {
	if node == nil {
		return "…"
	}
	if node.Kind != yaml.SequenceNode {
		return quoted(node.Value)
	}
	var all []string
	for _, element := range node.Content {
		all = append(all, quoted(resolve(element).Value))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// quoted writes a string for YAML, in quotes where it needs them.
func quoted(text string) string {
	plain := func(c rune) bool {
		return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || slices.Contains([]rune("_-./…"), c)
	}
	if text == "" || strings.HasPrefix(text, "-") || strings.ContainsFunc(text, func(c rune) bool { return !plain(c) }) {
		return strconv.Quote(text)
	}
	return text
}
