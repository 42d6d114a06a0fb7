package codegen

import (
	"fmt"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// packageData is what the templates make a package of.
type packageData struct {
	Package   string
	Global    bool
	Catalog   bool     // it is Silo's own, in the global database
	Embedding goImport // the package that embeds the migrations
	Variable  string
	Digest    string
	Schema    string // the folder of the migrations
	Models    []*structData
	Scalars   []scalarData
	Files     []*fileData
	Interface bool // there is a file with the interface Querier
}

// fileData is one generated file of queries.
type fileData struct {
	Package string
	Name    string   // that of the .sql file
	Sources []string // where it is
	Queries []*queryData
}

// queryData is one generated method.
type queryData struct {
	Name, Var   string
	Doc         []string // the author's
	Gist        string   // in its place where there is none
	Source      string   // the file
	SQL         string   // as a Go literal
	Constructor string   // of package query: Read, Write, ReadInTx or WriteInTx
	Receiver    string   // Reader or Queries
	Params      *structData
	Row         *structData
	Signature   string // what follows ctx context.Context
	Results     string
	Call        string   // the function of package query
	Wraps       []string // functions of package query around the call
	Scan        string
	Args        []string
	Bulk        *bulkData
	imports     []goImport
}

// Exported reports whether other packages can call the method.
func (q *queryData) Exported() bool { return token.IsExported(q.Name) }

// bulkData is what a query that runs once for each of many rows takes.
type bulkData struct {
	Type string // of one row
}

// structData is a generated struct, and the function that reads a row into it.
type structData struct {
	Name   string
	Doc    string
	Fields []fieldData
	Scan   string // empty when no query reads it
	Var    string // what the function calls the struct
	used   bool   // a query returns or embeds it
	table  string
	column []infer.Column
}

// fieldData is a field of a struct: a column, or a model that is embedded.
type fieldData struct {
	Name, Type, Tag string
	Index           int          // of its column, or of the model's first
	Scan            string       // the function that reads the model
	Optional        bool         // the model is a pointer that may be nil
	Present         int          // of an optional one: the column that is NULL when there is no row
	column          infer.Column // what it holds
	read            string
	imports         []goImport
}

// Read is the expression that reads the field.
func (f fieldData) Read() string { return strings.Replace(f.read, "%d", strconv.Itoa(f.Index), 1) }

// scalarData is a function that reads a row of one column.
type scalarData struct {
	Name, Type, Read string
	imports          []goImport
}

// models makes a struct of each table that can have one.
func (b *builder) models(tables []string) {
	for _, table := range tables {
		columns, ok := b.catalog.Table(table)
		if ok && b.catalog.isPlain(table) {
			b.addModel(table, columns)
		}
	}
}

// model returns the struct of a table, which it makes for virtual tables when a query
// needs it. It is nil when a column has no type.
func (b *builder) model(table string) *structData {
	for _, m := range b.data.Models {
		if strings.EqualFold(m.table, table) {
			return m
		}
	}
	columns, ok := b.catalog.Table(table)
	if !ok || b.nameless[strings.ToLower(table)] {
		return nil
	}
	return b.addModel(table, columns)
}

// addModel makes the struct of a table. It is nil when there can be none.
func (b *builder) addModel(table string, columns []infer.Column) *structData {
	m := &structData{Name: b.modelName(table), Doc: "a row of " + commentLine(table), table: table, column: columns}
	_, first := utf8.DecodeRuneInString(m.Name)
	m.Var = localName(m.Name[:first], "Row", "row")
	for i, column := range columns {
		t, ok := b.of(column)
		if !ok {
			return nil
		}
		field := b.columnField(t, column, i)
		if !isGoName(field.Name) {
			field.Name = "Column" + strconv.Itoa(i+1) // as in a row of a query's own
		}
		if other := m.field(field.Name); other >= 0 {
			b.sameField(table, columns[other], column, field.Name)
			b.nameless[strings.ToLower(table)] = true
			return nil
		}
		m.Fields = append(m.Fields, field)
	}
	b.tag(m.Fields)
	if !isGoName(m.Name) {
		return nil // such as 🙂; its rows have structs of the queries' own
	}
	var at problem.Problem
	at.File, at.Line = b.madeAt(table)
	if !b.claim(m.Name, "the struct of table "+table, at, "give the table another Go name with the option rename: {"+yamlKey(table)+": SomeName}") {
		b.nameless[strings.ToLower(table)] = true
		return nil
	}
	b.data.Models = append(b.data.Models, m)
	return m
}

// columnField returns the field of a column.
func (b *builder) columnField(t goType, column infer.Column, index int) fieldData {
	return fieldData{
		Name:    b.goName(column.Name),
		Type:    t.Name,
		Index:   index,
		column:  column,
		read:    t.Read,
		imports: t.Imports,
	}
}

// field returns the place of a field, or -1.
func (s *structData) field(name string) int {
	return slices.IndexFunc(s.Fields, func(f fieldData) bool { return f.Name == name })
}

// sameField refuses two columns of a table that are called the same in Go.
func (b *builder) sameField(table string, first, second infer.Column, name string) {
	p := b.columnAt(table, second.Name)
	p.Message = fmt.Sprintf("columns %s.%s and %s.%s are both called %s in Go: give one of them another name there, such as rename: {%s: SomeName} in the options",
		table, first.Name, table, second.Name, name, yamlKey(second.Name))
	b.problems.Put(p)
}

// claim takes a name of the package. It adds a problem and reports false when the
// name means something already.
func (b *builder) claim(name, what string, at problem.Problem, advice string) bool {
	owner, used := b.names[name]
	if used {
		at.Message = fmt.Sprintf("%s cannot be called %s, for that is %s: %s", what, name, owner, advice)
		b.problems.Put(at)
		return false
	}
	b.names[name] = what
	return true
}

// sameAs reports whether a result is a whole row of the model's table. What the query
// proves not to be NULL is read as the table's column all the same.
func (s *structData) sameAs(q *checked) bool {
	return !q.reshaped && slices.EqualFunc(s.column, q.outputs, func(column infer.Column, output infer.Output) bool {
		return output.Embed == nil && strings.EqualFold(output.Table, s.table) &&
			strings.EqualFold(output.Origin, column.Name) && output.Name == column.Name &&
			output.Type == column.Type && (column.Nullable || !output.Nullable)
	})
}

// plainKey matches names that YAML takes for texts without quotes.
var plainKey = regexp.MustCompile(`^[\pL_][\pL\pN_]*$`)

// yamlKey writes a name as a key of YAML.
func yamlKey(name string) string {
	if plainKey.MatchString(name) {
		return name
	}
	return strconv.Quote(name)
}

// placeOf returns where a query has its name, for a problem there.
func placeOf(q *sqltext.Query) problem.Problem {
	return problem.Problem{File: q.File, Line: q.Line, Column: q.ColumnOf(q.Pos)}
}
