package codegen

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
)

// packageData is what the templates make a package of.
type packageData struct {
	Package    string
	Global     bool
	ImportPath string // of the package that embeds the migrations
	Variable   string
	Digest     string
	Schema     string // the folder of the migrations
	Models     []*structData
	Scalars    []scalarData
	Files      []*fileData
}

// fileData is one generated file of queries.
type fileData struct {
	Package string
	Source  string // the .sql file
	Queries []*queryData
}

// queryData is one generated method.
type queryData struct {
	Name, Var   string
	Doc         []string
	Source      string // file:line
	SQL         string // as a Go literal
	Constructor string // of package query: Read, Write or ReadInTx
	Receiver    string // Reader or Queries
	Call        string // of package query: One, Many, Exec or ExecRows
	Params      *structData
	Row         *structData
	Signature   string // what follows ctx context.Context
	Results     string
	Scan        string
	Args        []string
}

// structData is a generated struct, and the function that reads a row into it.
type structData struct {
	Name   string
	Doc    string
	Fields []fieldData
	Scan   string // empty when no query reads it
	Var    string // what the function calls the struct
	table  string
	column []infer.Column
}

// fieldData is a field of a struct. One that embeds a model has fields of its own.
type fieldData struct {
	Name, Type string
	Read       string // the method of query.Row
	Index      int
	Fields     []fieldData
}

// scalarData is a function that reads a row of one column.
type scalarData struct {
	Name, Type, Read string
}

// builder makes the data of one package.
type builder struct {
	*block
	checker
	data    packageData
	names   map[string]string // what each name of the package is, for messages
	scalars map[string]scalarData
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
	if !ok {
		return nil
	}
	return b.addModel(table, columns)
}

func (b *builder) addModel(table string, columns []infer.Column) *structData {
	m := &structData{Name: modelName(table, b.Rename), Doc: "a row of " + table, table: table, column: columns}
	m.Var = localName(m.Name[:min(1, len(m.Name))], "Row", "row")
	for i, column := range columns {
		t, ok := typeOf(column.Type, column.Nullable)
		name := goName(column.Name, b.Rename)
		if !ok || !isGoName(name) || m.has(name) {
			return nil
		}
		m.Fields = append(m.Fields, fieldData{Name: name, Type: t.Name, Read: t.Read, Index: i})
	}
	if !isGoName(m.Name) {
		b.problems.Add(b.Schema, 0, "table %s makes no Go name: give it one with the option rename: {%s: SomeName}", table, table)
		return nil
	}
	if !b.claim(m.Name, "the struct of table "+table, b.Schema, 0, "give the table another Go name with the option rename: {"+table+": SomeName}") {
		return nil
	}
	b.data.Models = append(b.data.Models, m)
	return m
}

func (s *structData) has(field string) bool {
	return slices.ContainsFunc(s.Fields, func(f fieldData) bool { return f.Name == field })
}

// claim takes a name of the package. It adds a problem and reports false when the
// name means something already.
func (b *builder) claim(name, what, file string, line int, advice string) bool {
	owner, used := b.names[name]
	if used {
		b.problems.Add(file, line, "%s cannot be called %s, for that is %s: %s", what, name, owner, advice)
		return false
	}
	b.names[name] = what
	return true
}

// sameAs reports whether a result is a whole row of the model's table. What the query
// proves not to be NULL is read as the table's column all the same.
func (s *structData) sameAs(q *checked) bool {
	return !q.stated && slices.EqualFunc(s.column, q.outputs, func(column infer.Column, output infer.Output) bool {
		return output.Embed == nil && strings.EqualFold(output.Table, s.table) &&
			strings.EqualFold(output.Origin, column.Name) && output.Name == column.Name &&
			output.Type == column.Type && (column.Nullable || !output.Nullable)
	})
}
