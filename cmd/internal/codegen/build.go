package codegen

import (
	"fmt"
	"go/build"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
)

// newBuilder prepares a package. Only its own block's problems are in the builder.
func newBuilder(b *block, c checker, digest string) *builder {
	builder := &builder{
		block:   b,
		checker: c,
		names:   map[string]string{},
		scalars: map[string]scalarData{},
		data: packageData{
			Package:    b.Package,
			Global:     b.Kind == "global",
			ImportPath: b.ImportPath,
			Variable:   b.Variable,
			Digest:     digest,
			Schema:     b.Schema,
		},
	}
	for _, name := range reserved {
		builder.names[name] = "a name that every generated package has"
	}
	return builder
}

// build makes the data of the package from the tables that sqlc found and the
// queries that were checked.
func (b *builder) build(tables []string) {
	b.models(slices.Sorted(slices.Values(tables)))
	for _, file := range b.files {
		data := &fileData{Package: b.Package, Source: file}
		name := path.Base(file) + ".go"
		if !builtEverywhere(name) {
			b.problems.Add(file, 0, "Go would compile the generated file %s on some systems only, or never: rename the .sql file", name)
		}
		for _, q := range b.checked {
			if q.text.File == file {
				data.Queries = append(data.Queries, b.query(q))
			}
		}
		b.data.Files = append(b.data.Files, data)
	}
	for _, name := range slices.Sorted(maps.Keys(b.scalars)) {
		b.data.Scalars = append(b.data.Scalars, b.scalars[name])
	}
	slices.SortFunc(b.data.Models, func(x, y *structData) int { return strings.Compare(x.Name, y.Name) })
}

// builtEverywhere reports whether Go compiles a file of that name on every system.
func builtEverywhere(name string) bool {
	nowhere := build.Context{GOOS: "none", GOARCH: "none", Compiler: "gc", OpenFile: func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("package p\n")), nil
	}}
	match, err := nowhere.MatchFile("", name)
	return err == nil && match
}

// query makes the data of one method.
func (b *builder) query(q *checked) *queryData {
	text := q.text
	data := &queryData{
		Name:        text.Name,
		Doc:         text.Doc,
		Source:      fmt.Sprintf("%s:%d", text.File, text.Line),
		SQL:         literal(q.sql),
		Constructor: "Read",
		Receiver:    "Reader",
	}
	switch {
	case !q.readOnly:
		data.Constructor, data.Receiver = "Write", "Queries"
	case q.session:
		data.Constructor, data.Receiver = "ReadInTx", "Queries"
	}
	if len(data.Doc) == 0 {
		data.Doc = []string{fmt.Sprintf("%s runs the query of that name in %s.", text.Name, text.File)}
	}
	if !isGoName(text.Name) {
		b.problem(text, text.Line, "its name has to begin with an upper-case letter: write -- name: %s :%s",
			goName(text.Name, nil), text.Command)
		return data
	}
	b.claim(text.Name, "query "+text.Name, text.File, text.Line, "write another name in -- name:")
	data.Var = localName(text.Name, "Query")
	b.claim(data.Var, "the statement of query "+text.Name, text.File, text.Line, "write another name in -- name:")
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

// params makes what the method takes.
func (b *builder) params(q *checked, data *queryData) {
	var fields []fieldData
	var binds []string
	for i, param := range q.text.Params {
		t, ok := typeOf(q.params[i].Type, q.params[i].Nullable)
		if param.Slice {
			t, ok = listOf(q.params[i].Type)
		}
		if !ok {
			return // a problem says so already
		}
		name := param.Name
		if name == "" {
			name = q.params[i].Name
		}
		if name == "" {
			name = "arg_" + strconv.Itoa(param.Number)
		}
		fields = append(fields, fieldData{Name: goName(name, b.Rename), Type: t.Name})
		binds = append(binds, t.Bind)
	}
	b.distinct(q, fields)
	switch len(fields) {
	case 0:
	case 1:
		name := localName(fields[0].Name, "Value", data.Var, data.Scan)
		data.Signature = ", " + name + " " + fields[0].Type
		data.Args = []string{"query." + binds[0] + "(" + name + ")"}
	default:
		params := &structData{Name: data.Name + "Params", Doc: "what " + data.Name + " takes", Fields: fields}
		b.claim(params.Name, "the parameters of query "+data.Name, q.text.File, q.text.Line, "write another name in -- name:")
		data.Params = params
		data.Signature = ", arg " + params.Name
		for i, field := range fields {
			data.Args = append(data.Args, "query."+binds[i]+"(arg."+field.Name+")")
		}
	}
}

// distinct gives each parameter written ? a field of its own, and refuses names that
// make the same field.
func (b *builder) distinct(q *checked, fields []fieldData) {
	seen := map[string]int{}
	for i := range fields {
		name := fields[i].Name
		seen[name]++
		param := q.text.Params[i]
		switch {
		case !isGoName(name):
			b.problem(q.text, q.text.LineOf(param.Pos), "parameter %s makes no Go name: name it otherwise", param.Name)
		case seen[name] > 1 && param.Name == "":
			fields[i].Name = fmt.Sprintf("%s%d", name, seen[name])
		case seen[name] > 1:
			b.problem(q.text, q.text.LineOf(param.Pos), "two parameters make the field %s: name one of them otherwise", name)
		}
	}
}

// results makes what the method returns.
func (b *builder) results(q *checked, data *queryData) {
	switch q.text.Command {
	case "exec":
		data.Call, data.Results = "Exec", "error"
		return
	case "execrows":
		data.Call, data.Results = "ExecRows", "(int64, error)"
		return
	}
	name, scan := b.row(q, data)
	data.Scan = scan
	data.Call, data.Results = "One", "("+name+", error)"
	if q.text.Command == "many" {
		data.Call, data.Results = "Many", "([]"+name+", error)"
	}
}

// row returns the type of a result's row and the function that reads one.
func (b *builder) row(q *checked, data *queryData) (name, scan string) {
	if len(q.outputs) == 1 && q.outputs[0].Embed == nil {
		return b.scalar(q.outputs[0])
	}
	if table := q.outputs[0].Table; table != "" && q.outputs[0].Embed == nil {
		if model := b.model(table); model != nil && model.sameAs(q) {
			return b.scanned(model)
		}
	}
	row := &structData{Name: data.Name + "Row", Doc: "a row of what " + data.Name + " returns", Var: "r"}
	for i := 0; i < len(q.outputs); i++ {
		output := q.outputs[i]
		if output.Embed != nil {
			i += b.embed(q, row, i) - 1
			continue
		}
		t, ok := typeOf(output.Type, output.Nullable)
		if !ok {
			return "", "" // a problem says so already
		}
		b.field(q, row, fieldData{Name: goName(output.Name, b.Rename), Type: t.Name, Read: t.Read, Index: i}, output.Name)
	}
	b.claim(row.Name, "the row of query "+data.Name, q.text.File, q.text.Line, "write another name in -- name:")
	data.Row = row
	return b.scanned(row)
}

// scanned returns the type of a struct and the function that reads a row into it.
func (b *builder) scanned(s *structData) (name, scan string) {
	if s.Scan == "" {
		s.Scan = "scan" + s.Name
		b.claim(s.Scan, "the function that reads "+s.Name, b.Schema, 0, "rename what is called "+s.Scan)
	}
	return s.Name, s.Scan
}

// scalar returns the type of a result of one column and the function that reads it.
func (b *builder) scalar(output infer.Output) (name, scan string) {
	t, ok := typeOf(output.Type, output.Nullable)
	if !ok {
		return "", "" // a problem says so already
	}
	function := "scanOne" + t.Read
	if _, ok := b.scalars[function]; !ok {
		b.claim(function, "the function that reads one "+t.Name, b.Schema, 0, "rename what is called "+function)
		b.scalars[function] = scalarData{Name: function, Type: t.Name, Read: t.Read}
	}
	return t.Name, function
}

// embed adds the field of an embedded table whose columns begin at index first, and
// returns how many they are.
func (b *builder) embed(q *checked, row *structData, first int) int {
	embed := q.outputs[first].Embed
	model := b.model(embed.Table)
	if model == nil {
		b.problem(q.text, q.text.LineOf(embed.Pos), "sqlc.embed(%s): not every column of it has a type in Go: name the columns instead", embed.Name)
		return len(q.outputs) - first
	}
	field := fieldData{Name: goName(singular(embed.Name), b.Rename), Type: model.Name}
	for i, f := range model.Fields {
		f.Index = first + i
		field.Fields = append(field.Fields, f)
	}
	b.field(q, row, field, embed.Name)
	return len(model.Fields)
}

// field adds a field to a row. sqlName is what the query calls it.
func (b *builder) field(q *checked, row *structData, field fieldData, sqlName string) {
	switch {
	case sqlName == "":
		b.problem(q.text, q.text.Line, "column %d has no name: write AS some_name behind it", field.Index+1)
	case !isGoName(field.Name):
		b.problem(q.text, q.text.Line, "column %d (%s) makes no Go name: write AS some_name behind it", field.Index+1, sqlName)
	case row.has(field.Name):
		b.problem(q.text, q.text.Line, "two columns make the field %s: write AS some_name behind one of them", field.Name)
	}
	row.Fields = append(row.Fields, field)
}
