package codegen

import (
	"cmp"
	"fmt"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

// builder makes the data of one package.
type builder struct {
	*block
	checker
	typer
	namer
	data       packageData
	names      map[string]string // what each name of the package is, for messages
	nameless   map[string]bool   // the tables without a struct for a reason that a problem says
	scalars    map[string]scalarData
	unreadable []unreadable    // columns that keep queries from being written
	saidUnfit  map[string]bool // of which types a problem says that they are unfit, and for what
}

// newBuilder prepares a package. Only its own block's problems are in the builder.
func newBuilder(b *block, c checker, digest string) *builder {
	builder := &builder{
		block:     b,
		checker:   c,
		typer:     newTyper(&b.Options),
		namer:     namer{&b.Options},
		names:     map[string]string{},
		nameless:  map[string]bool{},
		scalars:   map[string]scalarData{},
		saidUnfit: map[string]bool{},
		data: packageData{
			Package:   b.Package,
			Global:    b.Kind != config.Tenant,
			Catalog:   b.Kind == config.Catalog,
			Embedding: b.importOfSchema(),
			Variable:  b.Variable,
			Digest:    digest,
			Schema:    commentLine(b.place()),
			Interface: b.Options.Interface,
		},
	}
	for _, name := range reserved {
		builder.names[name] = "a name that every generated package has"
	}
	builder.names[builder.data.Embedding.Local()] = "the package " + b.ImportPath
	for importPath, name := range builder.packages {
		builder.names[name] = "the package " + importPath
	}
	if b.Options.Interface {
		builder.names["Querier"] = "the interface that emit_interface asks for"
	}
	return builder
}

// build makes the data of the package from its tables and the queries that were
// checked.
func (b *builder) build() {
	b.models(b.tables)
	for _, file := range b.files {
		data := b.file(file.path)
		for _, q := range b.checked {
			if q.text.File == file.path {
				data.Queries = append(data.Queries, b.query(q))
			}
		}
	}
	for _, scalar := range b.scalars {
		b.data.Scalars = append(b.data.Scalars, scalar)
	}
	slices.SortFunc(b.data.Scalars, func(x, y scalarData) int { return strings.Compare(x.Name, y.Name) })
	if b.Options.OmitUnusedStructs {
		b.data.Models = slices.DeleteFunc(b.data.Models, func(m *structData) bool { return !m.used })
	}
	slices.SortFunc(b.data.Models, func(x, y *structData) int { return strings.Compare(x.Name, y.Name) })
}

// file returns the data of the generated file for a file of queries. Those that have the
// same name in different folders share one.
func (b *builder) file(source string) *fileData {
	base := path.Base(source)
	for _, data := range b.data.Files {
		if data.Name == base {
			data.Sources = append(data.Sources, source)
			return data
		}
	}
	b.fileNamed(source)
	data := &fileData{Package: b.Package, Name: base, Sources: []string{source}}
	b.data.Files = append(b.data.Files, data)
	return data
}

// query makes the data of one method.
func (b *builder) query(q *checked) *queryData {
	text := q.text
	data := &queryData{
		Name:        text.Name,
		Doc:         slices.Clone(text.Doc),
		Source:      text.File, // a line would change with every query above
		SQL:         literal(q.sql),
		Constructor: "Read",
		Receiver:    "Reader",
	}
	switch {
	case !q.readOnly && q.session:
		data.Constructor, data.Receiver = "WriteInTx", "Queries"
	case !q.readOnly:
		data.Constructor, data.Receiver = "Write", "Queries"
	case q.session:
		data.Constructor, data.Receiver = "ReadInTx", "Queries"
	}
	data.Gist = text.Name + " runs " + commentLine(q.gist)
	if b.Options.SQLAsComment {
		if len(data.Doc) == 0 {
			data.Doc = []string{text.Name + " runs"}
		}
		data.Doc = append(data.Doc, "")
		for line := range strings.Lines(q.sql) {
			data.Doc = append(data.Doc, "\t"+strings.TrimRight(line, "\n"))
		}
	}
	for i, line := range data.Doc {
		data.Doc[i] = commentLine(line)
	}
	if what, ok := reservedMethods[text.Name]; ok {
		b.problem(text, text.Pos, "it cannot be called so, for that is %s: write another name in -- name:", what)
		return data
	}
	if !token.IsIdentifier(text.Name) || text.Name == "_" {
		b.problem(text, text.Pos, "%s is no name in Go: write another one in -- name:", text.Name)
		return data
	}
	data.Var = localName(text.Name, "Query")
	if b.names[data.Var] != "" || data.Var == text.Name {
		data.Var = privateName(text.Name) + "Query"
	}
	b.claim(data.Var, "the statement of query "+text.Name, placeOf(text), "write another name in -- name:")
	b.results(q, data)
	b.params(q, data)
	return data
}

// literal writes a text as a Go literal, over several lines where that can be read.
func literal(text string) string {
	for line := range strings.Lines(text) {
		if !strconv.CanBackquote(strings.TrimSuffix(line, "\n")) {
			return strconv.Quote(text)
		}
	}
	return "`" + text + "`"
}

// place is where the schema is, for messages.
func (b *block) place() string { return strings.Join(b.Schema, ", ") }

// distinct gives fields of the same name a number, as sqlc does: ID, ID_2. Names
// that the author chose are not numbered but refused: two of them are a mistake.
func (b *builder) distinct(q *checked, fields []fieldData, chosen func(int) (name string, pos int)) {
	seen := map[string]int{}
	for i := range fields {
		base := fields[i].Name
		seen[base]++
		name, pos := chosen(i)
		if pos < 0 {
			pos = q.text.Pos
		}
		switch {
		case !isGoName(base):
			called := cmp.Or(name, fields[i].column.Name)
			b.problem(q.text, pos, "%s makes no Go name: write another name, or give it one with rename: {%s: SomeName} in the options", strconv.Quote(called), yamlKey(called))
		case seen[base] > 1 && name == "":
			number := fmt.Sprintf("_%d", seen[base])
			fields[i].Name += number
			fields[i].column.Name += number
		case seen[base] > 1:
			b.problem(q.text, pos, "two parameters make the field %s: name one of them otherwise", base)
		}
	}
}
