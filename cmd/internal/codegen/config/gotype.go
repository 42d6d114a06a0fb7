package config

import (
	"github.com/silokit/silo/internal/nearest"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"gopkg.in/yaml.v3"
)

// GoType is a type of Go that the author chose for values of SQL.
type GoType struct {
	// Import is the path of the type's package. It is empty for predeclared types, and
	// for types that the author has put into the generated package.
	Import string

	// Package is the package's name, unless that is the last element of Import.
	Package string

	// Name is the type's, without the package: UUID, int64, Null[string].
	Name string

	Pointer bool // it is *Name
	Slice   bool // it is []Name
}

// predeclared are the types of Go's own that values of SQLite fit into, besides any.
var predeclared = []string{
	"bool", "byte", "float32", "float64", "int", "int16", "int32", "int64", "int8", "string", "uint", "uint16",
	"uint32", "uint64", "uint8",
}

// misnamed are packages of the standard library that are often written as code names
// them.
var misnamed = map[string]string{
	"big": "math/big", "json": "encoding/json", "mail": "net/mail", "netip": "net/netip", "sql": "database/sql",
	"url": "net/url",
}

// standard returns the path of a package of the standard library with types that values
// may be read as, by the name that code calls it, or "".
func standard(name string) string {
	if name == "time" || name == "net" {
		return name
	}
	return misnamed[name]
}

const goTypeForm = `write "import/path.Type", a type of Go's own such as int32, or {import: …, type: …}`

// goType reads go_type: a string, or a mapping.
func (r *reader) goType(node *yaml.Node) GoType {
	if node.Kind == yaml.MappingNode {
		return r.goTypeMapping(node)
	}
	text, ok := r.text(node, "go_type", strings.TrimPrefix(goTypeForm, "write "))
	if !ok {
		return GoType{}
	}
	var t GoType
	rest, slice := strings.CutPrefix(text, "[]")
	rest, pointer := strings.CutPrefix(rest, "*")
	t.Slice, t.Pointer = slice, pointer
	generic := len(rest)
	if at := strings.IndexByte(rest, '['); at >= 0 {
		generic = at // what is in brackets has dots of its own
	}
	dot := strings.LastIndexByte(rest[:generic], '.')
	switch {
	case pointer && rest == "[]byte":
		r.problem(node, "go_type: a nil []byte is NULL already: write []byte")
		return GoType{}
	case rest == "interface{}":
		t.Name = "any"
	default:
		t.Import, t.Name = rest[:max(0, dot)], rest[dot+1:]
	}
	if dot < 0 && t.Name != "any" && !slices.Contains(predeclared, t.Name) {
		r.problem(node, "go_type: %q is no type of Go's own that a value of SQLite fits into: %s%s", text, goTypeForm, near(t.Name, predeclared))
		return GoType{}
	}
	return r.checkedType(node, t)
}

// near offers the nearest name where there is a near one.
func near(wrong string, known []string) string {
	if name := nearest.Name(wrong, known); name != "" {
		return " (did you mean " + name + "?)"
	}
	return ""
}

func (r *reader) goTypeMapping(node *yaml.Node) GoType {
	var t GoType
	all := entries(node)
	r.unknown(all, "go_type", []string{"import", "package", "type", "pointer", "slice"})
	failed := r.problems.Len()
	for _, e := range all {
		switch e.key.Value {
		case "import":
			if e.value.Value != "" { // sqlc takes "" for none
				t.Import, _ = r.text(e.value, "import", "the path of the package, or take it out")
			}
		case "package":
			t.Package, _ = r.text(e.value, "package", "the name of the package, or take it out")
		case "type":
			t.Name, _ = r.text(e.value, "type", "the name of the type")
		case "pointer":
			t.Pointer = r.truth(e.value, "pointer")
		case "slice":
			t.Slice = r.truth(e.value, "slice")
		}
	}
	if r.problems.Len() > failed {
		return GoType{}
	}
	if t.Name == "" {
		r.problem(node, "go_type has no type: %s", goTypeForm)
		return GoType{}
	}
	// sqlc takes type: "*Setting" for pointer: true.
	if name, ok := strings.CutPrefix(t.Name, "[]"); ok {
		t.Name, t.Slice = name, true
	}
	if name, ok := strings.CutPrefix(t.Name, "*"); ok {
		t.Name, t.Pointer = name, true
	}
	if t.Name == "interface{}" {
		t.Name = "any"
	}
	if t.Package != "" && t.Import == "" {
		r.problem(node, "go_type names the package %s and no import: write the path that it is imported by", t.Package)
		return GoType{}
	}
	// sqlc imports what it knows of the standard library by itself.
	if name, typ, ok := strings.Cut(t.Name, "."); ok && t.Import == "" && standard(name) != "" && !strings.Contains(typ, ".") {
		t.Import, t.Name = standard(name), typ
	}
	if t.Import == "" && strings.Contains(t.Name, ".") {
		r.problem(node, `go_type: type: %q names a package: write its path as import, or the whole as go_type: "import/path.Type"`, t.Name)
		return GoType{}
	}
	return r.checkedType(node, t)
}

// genericName is the name of a type with or without arguments. These are types of Go's
// own, for others would have to be imported.
var genericName = regexp.MustCompile(`^([\pL_][\pL_\pN]*)(?:\[([\w, ]+)\])?$`)

// checkedType notes what does not compile, and what cannot hold a value. It completes the
// package's name.
func (r *reader) checkedType(node *yaml.Node, t GoType) GoType {
	parts := genericName.FindStringSubmatch(t.Name)
	problem := func(format string, args ...any) GoType {
		r.problem(node, "go_type: "+format, args...)
		return GoType{}
	}
	basic := t.Import == "" && types.Universe.Lookup(t.Name) != nil
	switch {
	case parts == nil || token.IsKeyword(parts[1]):
		return problem("%q is no name of a type: %s", t.Name, goTypeForm)
	case parts[2] != "" && !simpleArguments(parts[2]):
		return problem("%s has arguments that are not types of Go's own: declare a type in a package of yours, and name that", t.Name)
	case basic && t.Name != "any" && !slices.Contains(predeclared, t.Name):
		return problem("no value of SQLite fits into %s: %s", t.Name, goTypeForm)
	case basic && t.Name == "any" && (t.Pointer || t.Slice):
		return problem("any is read as it is: write go_type: any")
	case t.Slice && t.Pointer && t.Name == "byte":
		return problem("a nil []byte is NULL already: write []byte")
	case t.Slice && t.Pointer:
		return problem("no value of SQLite is a list: write a type with a Scan method (see database/sql.Scanner)")
	case t.Slice && basic && t.Name != "byte" && t.Name != "uint8":
		return problem("no value of SQLite is a list of %s: write []byte, or a type with a Scan method (see database/sql.Scanner)", t.Name)
	case t.Import == "":
		return t
	}
	if full := misnamed[t.Import]; full != "" {
		return problem("Go's package is called %s: write %s.%s", full, full, t.Name)
	}
	if err := module.CheckImportPath(t.Import); err != nil {
		return problem("%q is no path of a package: write it as in an import, such as example.com/app/types", t.Import)
	}
	if !token.IsExported(t.Name) {
		return problem("%s is not exported by %s: write a name that begins with a capital", t.Name, t.Import)
	}
	if t.Package != "" && !token.IsIdentifier(t.Package) {
		return problem("package: %q is no name of a package: write the one in its package clause", t.Package)
	}
	if t.Package == "" {
		t.Package = packageName(t.Import)
	}
	if t.Package == path.Base(t.Import) {
		t.Package = ""
	}
	return t
}

func simpleArguments(text string) bool {
	for argument := range strings.SplitSeq(text, ",") {
		if name := strings.TrimSpace(argument); name != "any" && !slices.Contains(predeclared, name) {
			return false
		}
	}
	return true
}

var (
	majorVersion  = regexp.MustCompile(`^v[0-9]+$`)
	dotVersion    = regexp.MustCompile(`\.v[0-9]+$`)
	notIdentifier = regexp.MustCompile(`[^\pL_\pN]+`)
)

// packageName guesses the name of a package by its path. Generated code imports the
// package under it, so a wrong guess reads badly and does no harm.
func packageName(importPath string) string {
	name := path.Base(importPath)
	if majorVersion.MatchString(name) && path.Dir(importPath) != "." {
		name = path.Base(path.Dir(importPath))
	}
	name = dotVersion.ReplaceAllString(name, "")
	name = strings.TrimSuffix(strings.TrimPrefix(name, "go-"), "-go")
	name = notIdentifier.ReplaceAllString(name, "")
	if !token.IsIdentifier(name) {
		name = "pkg" + name // it begins with a digit, or is a word of Go's
	}
	return name
}
