package codegen

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/config"
	"github.com/silokit/silo/cmd/internal/codegen/infer"
)

// goType is how generated code writes a value of one type.
type goType struct {
	Name    string     // *int64, uuid.UUID, []string
	Read    string     // the expression that reads it from a row, with %d for the column
	Bind    string     // the expression that makes an argument of it, with %s for the value
	Short   string     // what the type is called within names of functions: NullInt
	Imports []goImport // what Name, Read and Bind mention besides package query
}

// goImport is a package that generated code imports. Name is empty when the last
// element of the path is the package's name.
type goImport struct{ Path, Name string }

// base are the types' names in Go and in package query.
var base = map[infer.Type]struct{ name, method string }{
	infer.Integer: {"int64", "Int"},
	infer.Real:    {"float64", "Float"},
	infer.Text:    {"string", "Text"},
	infer.Blob:    {"[]byte", "Blob"},
	infer.Bool:    {"bool", "Bool"},
	infer.Time:    {"time.Time", "Time"},
	infer.Json:    {"json.RawMessage", "JSON"},
}

// lists are the types that sqlc.slice can be a list of, each with the function of
// package query.
var lists = map[infer.Type]string{
	infer.Integer: "Ints",
	infer.Real:    "Floats",
	infer.Text:    "Texts",
	infer.Blob:    "Blobs",
	infer.Bool:    "Bools",
	infer.Time:    "Times",
}

// typer gives SQL types their Go types, as the options of a package want them.
type typer struct {
	options  *config.Options
	packages map[string]string // what generated files call the packages of overrides
}

// newTyper gives the packages of overrides names that differ.
func newTyper(options *config.Options) typer {
	t := typer{options: options, packages: map[string]string{}}
	used := map[string]bool{}
	for _, name := range taken {
		used[name] = name != "schema" // no file imports that beside a package of overrides
	}
	for _, o := range options.Overrides {
		imported := o.GoType.Import
		if imported == "" || t.packages[imported] != "" {
			continue
		}
		name := cmp.Or(o.GoType.Package, packageOf(imported))
		for n := 2; used[name] && !slices.Contains(standard, imported); n++ {
			name = cmp.Or(o.GoType.Package, packageOf(imported)) + strconv.Itoa(n)
		}
		t.packages[imported], used[name] = name, true
	}
	return t
}

// standard are the packages that generated files import by themselves.
var standard = []string{"context", "database/sql", "encoding/json", "time"}

// of returns the Go type of the values of a column, or of a parameter that goes into
// one. ok is false when there is none.
func (t typer) of(column infer.Column) (result goType, ok bool) {
	if override := t.override(column); override != nil {
		return t.chosen(override.GoType, column), true
	}
	b, ok := base[column.Type]
	if !ok {
		return goType{}, false
	}
	return t.named(b.name, b.method, column), true
}

// named returns a type by its name and its methods in package query.
func (t typer) named(name, method string, column infer.Column) goType {
	result := goType{Name: name, Read: "row." + method + "(%d)", Bind: "query." + method + "(%s)", Short: method}
	if column.Nullable {
		result.Short = "Null" + method
	}
	switch {
	case !column.Nullable:
	case strings.HasPrefix(name, "[]"), name == "json.RawMessage": // nil is NULL
		result.Read = "row.Null" + method + "(%d)"
	case t.options.NullStructs:
		result.Name = "sql.Null[" + name + "]"
		result.Read = "query.Null(row, %d, (*query.Row)." + method + ")"
		result.Bind = "query.OfNull(%s, query." + method + ")"
		result.Imports = append(result.Imports, goImport{Path: "database/sql"})
	default:
		result.Name = "*" + name
		result.Read = "row.Null" + method + "(%d)"
		result.Bind = "query.Null" + method + "(%s)"
	}
	for prefix, imported := range map[string]string{"time.": "time", "json.": "encoding/json"} {
		if strings.HasPrefix(name, prefix) {
			result.Imports = append(result.Imports, goImport{Path: imported})
		}
	}
	return result
}

// override returns what the author says of the column, or of its declared type.
func (t typer) override(column infer.Column) *config.Override {
	source := column.Source
	for i := range t.options.Overrides {
		o := &t.options.Overrides[i]
		if o.GoType.Name != "" && o.Column != "" && source.Column != "" && o.MatchesColumn(source.Table, source.Column) {
			return o
		}
	}
	for i := range t.options.Overrides {
		o := &t.options.Overrides[i]
		if o.GoType.Name != "" && o.DBType != "" && source.Declared != "" && o.MatchesType(source.Declared, !column.Nullable) {
			return o
		}
	}
	return nil
}

// chosen returns a type that the author chose for values of an SQL type.
func (t typer) chosen(choice config.GoType, column infer.Column) goType {
	name := choice.Name
	var imports []goImport
	if choice.Import != "" {
		imported := goImport{Path: choice.Import, Name: t.packages[choice.Import]}
		name = imported.Name + "." + name
		if imported.Name == path.Base(choice.Import) {
			imported.Name = ""
		}
		imports = append(imports, imported)
	}
	pointer := choice.Pointer
	if choice.Slice {
		name = "[]" + name
	}
	holdsNull := pointer || choice.Slice || nullType.MatchString(choice.Name) || name == "any" || name == "interface{}" || name == "json.RawMessage"
	if column.Nullable && !holdsNull && !t.options.NullStructs {
		pointer = true
	}
	if method := methodOf(name, column); method != "" && (!choice.Pointer || column.Nullable) {
		return t.named(name, method, column)
	} else if method != "" && name == "time.Time" { // the method knows how it is stored, and [query.Get] does not
		return goType{
			Name: "*" + name, Read: "row.Null" + method + "(%d)", Bind: "query.Null" + method + "(%s)", Short: "Null" + method, Imports: imports,
		}
	}
	if pointer {
		name = "*" + name
	} else if column.Nullable && !holdsNull {
		name = "sql.Null[" + name + "]"
		imports = append(imports, goImport{Path: "database/sql"})
	}
	return goType{
		Name:    name,
		Read:    "query.Get[" + name + "](row, %d)",
		Bind:    "query.Arg(%s)",
		Short:   "As" + shortName(name),
		Imports: imports,
	}
}

// nullType matches the names of types that hold NULL themselves: NullString,
// NullUUID, Null[T].
var nullType = regexp.MustCompile(`^(Null|Optional|Maybe)|Null$`)

// methodOf returns the method of package query for a type of Go's own that holds a
// column's values without loss, or "".
func methodOf(name string, column infer.Column) string {
	typ := column.Type
	switch {
	case name == "time.Time" && typ == infer.Text && infer.IsDate(column.Source.Declared):
		return "Date"
	case name == "time.Time" && typ == infer.Integer:
		return "Millis"
	case name == "[]byte" && typ == infer.Text:
		return "Bytes"
	case name == "[]byte" && typ == infer.Json: // which may hold a number
		return "JSON"
	case name == "json.RawMessage" && (typ == infer.Text || typ == infer.Json):
		return "JSON"
	case name == "bool" && typ == infer.Integer:
		return "Bool"
	case name == "time.Time" && typ == infer.Text:
		return "Time"
	case name == "float64" && typ == infer.Integer:
		return "Float"
	}
	if b, ok := base[typ]; ok && b.name == name {
		return b.method
	}
	return ""
}

// nonName matches what cannot stand in a name of Go.
var nonName = regexp.MustCompile(`[^A-Za-z0-9]+`)

// shortName makes a part of a function's name of a type: uuid.UUID is UuidUUID.
func shortName(typ string) string {
	var short strings.Builder
	for _, part := range nonName.Split(strings.ReplaceAll(typ, "*", "Null."), -1) {
		if part != "" {
			short.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return short.String()
}

// majorVersion matches the last element of a path that is no name: v2, and the
// ending of gopkg.in's yaml.v3.
var (
	majorVersion = regexp.MustCompile(`^v[0-9]+$`)
	dotVersion   = regexp.MustCompile(`\.v[0-9]+$`)
)

// packageOf returns the name that a package probably has. Generated code imports it
// under that name where it is not the last element of the path.
func packageOf(importPath string) string {
	name := path.Base(importPath)
	if majorVersion.MatchString(name) {
		name = path.Base(path.Dir(importPath))
	}
	name = dotVersion.ReplaceAllString(name, "")
	name = strings.TrimPrefix(name, "go-")
	return strings.ToLower(nonName.ReplaceAllString(name, ""))
}

// listOf returns the Go type of a list of a column's values. ok is false when there is
// none.
func (t typer) listOf(column infer.Column) (result goType, ok bool) {
	column.Nullable = false
	if override := t.override(column); override != nil {
		element := t.chosen(override.GoType, column)
		of := "query.ListOf(%s, "
		if column.Type == infer.Blob {
			of = "query.BlobsOf(%s, "
		}
		element.Bind = of + strings.TrimSuffix(element.Bind, "(%s)") + ")"
		element.Name = "[]" + element.Name
		return element, true
	}
	function, ok := lists[column.Type]
	if !ok {
		return goType{}, false
	}
	result = t.named("[]"+base[column.Type].name, function, column)
	if column.Type == infer.Time {
		result.Imports = []goImport{{Path: "time"}}
	}
	return result, true
}
