package codegen

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// results makes what the method returns.
func (b *builder) results(q *checked, data *queryData) {
	switch q.text.Command {
	case "exec":
		data.Call, data.Results = "Exec", "error"
		return
	case "execrows":
		data.Call, data.Results = "ExecRows", "(int64, error)"
		return
	case "execlastid":
		data.Call, data.Results = "ExecLastID", "(int64, error)"
		return
	case "execresult":
		data.Call, data.Results = "ExecResult", "(sql.Result, error)"
		data.imports = append(data.imports, goImport{Path: "database/sql"})
		return
	case "copyfrom":
		return
	}
	for _, output := range q.outputs {
		b.fits(q, output.Column, toRead)
	}
	name, scan, pointer := b.row(q, data)
	data.Scan = scan
	if pointer {
		name = "*" + name
	}
	if q.text.Command == "one" {
		data.Call, data.Results = "One", "("+name+", error)"
		if pointer {
			data.Wraps = []string{"Pointer"}
		}
		return
	}
	data.Call, data.Results = "Many", "([]"+name+", error)"
	if b.Options.EmptySlices {
		data.Wraps = append(data.Wraps, "NonNil")
	}
	if pointer {
		data.Wraps = append(data.Wraps, "Pointers")
	}
}

// row returns the type of a result's row and the function that reads one. pointer is
// true when the method returns a pointer to it.
func (b *builder) row(q *checked, data *queryData) (name, scan string, pointer bool) {
	if len(q.outputs) == 1 && q.outputs[0].Embed == nil {
		name, scan = b.scalar(q.outputs[0], data)
		return name, scan, false
	}
	if table := q.outputs[0].Table; table != "" && q.outputs[0].Embed == nil {
		if model := b.model(table); model != nil && model.sameAs(q) {
			name, scan = b.scanned(model)
			return name, scan, b.Options.ResultPointers
		}
	}
	row := &structData{Name: data.Name + "Row", Doc: "a row of what " + data.Name + " returns", Var: "r"}
	for i := 0; i < len(q.outputs); i++ {
		output := q.outputs[i]
		if output.Embed != nil {
			i += b.embed(q, row, i) - 1
			continue
		}
		t, ok := b.of(output.Column)
		if !ok {
			return "", "", false // a problem says so already
		}
		output.Name = cmp.Or(output.Name, "column_"+strconv.Itoa(i+1))
		field := b.columnField(t, output.Column, i)
		if !isGoName(field.Name) { // such as count(*) without a name
			field.Name = "Column" + strconv.Itoa(i+1)
		}
		row.Fields = append(row.Fields, field)
	}
	b.distinct(q, row.Fields, func(int) (string, int) { return "", -1 })
	b.tag(row.Fields)
	b.claim(row.Name, "the row of query "+data.Name, placeOf(q.text), "write another name in -- name:")
	data.Row = row
	name, scan = b.scanned(row)
	return name, scan, b.Options.ResultPointers
}

// scanned returns the type of a struct and the function that reads a row into it.
func (b *builder) scanned(s *structData) (name, scan string) {
	s.used = true
	if s.Scan == "" {
		s.Scan = "scan" + upperFirst(s.Name)
		for b.names[s.Scan] != "" { // queries list and List
			s.Scan += "_"
		}
		b.claim(s.Scan, "the function that reads "+s.Name, problem.Problem{File: b.place()}, "rename what is called "+s.Scan)
	}
	return s.Name, s.Scan
}

// scalar returns the type of a result of one column and the function that reads it.
func (b *builder) scalar(output infer.Output, data *queryData) (name, scan string) {
	t, ok := b.of(output.Column)
	if !ok {
		return "", "" // a problem says so already
	}
	data.imports = append(data.imports, t.Imports...)
	function := "scanOne" + t.Short
	if _, ok := b.scalars[function]; !ok {
		b.claim(function, "the function that reads one "+t.Name, problem.Problem{File: b.place()}, "rename what is called "+function)
		read := fieldData{read: t.Read}
		b.scalars[function] = scalarData{Name: function, Type: t.Name, Read: read.Read(), imports: t.Imports}
	}
	return t.Name, function
}

// embed adds the field of an embedded table whose columns begin at index first, and
// returns how many they are.
func (b *builder) embed(q *checked, row *structData, first int) int {
	embed := q.outputs[first].Embed
	model := b.model(embed.Table)
	switch name := b.modelName(embed.Table); {
	case model != nil:
	case b.nameless[strings.ToLower(embed.Table)]:
		return len(q.outputs) - first
	case !isGoName(name):
		b.problem(q.text, embed.Pos, "sqlc.embed(%s): the table's name makes no Go name: give it one with rename: {%s: SomeName} in the options", embed.Name, yamlKey(embed.Table))
		return len(q.outputs) - first
	default:
		b.problem(q.text, embed.Pos, "sqlc.embed(%s): not every column of it has a type in Go: name the columns instead, or give them types with overrides", embed.Name)
		return len(q.outputs) - first
	}
	name, scan := b.scanned(model)
	field := fieldData{Name: name, Type: name, Index: first, Scan: scan, column: infer.Column{Name: snake(name)}}
	if embed.Nullable && slices.ContainsFunc(model.column, func(c infer.Column) bool { return !c.Nullable || c.Key }) {
		present := slices.IndexFunc(model.column, func(c infer.Column) bool { return !c.Nullable && !c.Key })
		field.Type, field.Optional, field.Present = "*"+name, true, first+present
		if present < 0 {
			b.problem(q.text, embed.Pos, "sqlc.embed(%s): an outer join may find no row for it, which cannot be told from a row of NULLs, for no column of it is NOT NULL: name its columns instead", embed.Name)
		}
	} // else no row reads as what it is: NULL in every field
	row.Fields = append(row.Fields, field)
	return len(model.Fields)
}
