package codegen

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
)

// params makes what the method takes.
func (b *builder) params(q *checked, data *queryData) {
	fields, binds, ok := b.parameterFields(q)
	if !ok {
		return // a problem says so already
	}
	if q.text.Command == "copyfrom" {
		b.bulk(q, data, fields, binds)
		return
	}
	limit := b.Options.ParameterLimit
	if len(fields) == 0 {
		return
	}
	if len(fields) <= limit {
		used := []string{data.Var, data.Scan}
		for i, field := range fields {
			name := localName(b.parameter(field), "Value", used...)
			used = append(used, name)
			data.Signature += ", " + name + " " + field.Type
			data.Args = append(data.Args, strings.Replace(binds[i], "%s", name, 1))
			data.imports = append(data.imports, field.imports...)
		}
		return
	}
	params := b.paramsStruct(q, data, fields)
	data.Signature = ", arg " + params.Name
	if b.Options.ParamsPointers {
		data.Signature = ", arg *" + params.Name
	}
	for i, field := range fields {
		data.Args = append(data.Args, strings.Replace(binds[i], "%s", "arg."+field.Name, 1))
	}
}

// paramsStruct makes the struct of a query's parameters.
func (b *builder) paramsStruct(q *checked, data *queryData, fields []fieldData) *structData {
	params := &structData{Name: data.Name + "Params", Doc: "what " + data.Name + " takes", Fields: fields}
	b.claim(params.Name, "the parameters of query "+data.Name, placeOf(q.text), "write another name in -- name:")
	data.Params = params
	return params
}

// parameterFields returns a field for each parameter, and the expressions that make
// arguments of them.
func (b *builder) parameterFields(q *checked) (fields []fieldData, binds []string, ok bool) {
	for i, param := range q.text.Params {
		column, clear := b.parameterColumn(q, i)
		if !clear {
			return nil, nil, false
		}
		b.fits(q, column, toWrite)
		t, ok := b.of(column)
		if param.Slice {
			t, ok = b.listOf(column)
		}
		if !ok {
			return nil, nil, false
		}
		name := cmp.Or(param.Called(), q.params[i].Name, "arg_"+strconv.Itoa(param.Number))
		fields = append(fields, fieldData{
			Name:    b.goName(name),
			Type:    t.Name,
			column:  infer.Column{Name: name, Nullable: column.Nullable, Source: column.Source},
			imports: t.Imports,
		})
		binds = append(binds, t.Bind)
	}
	b.distinct(q, fields, func(i int) (string, int) {
		p := q.text.Params[i]
		return p.Called(), p.Pos
	})
	b.tag(fields)
	return fields, binds, true
}

// parameterColumn returns the column whose Go type a parameter has, with the type of
// the parameter itself: the first that the author chose a type for, or the first of
// all. clear is false when it goes with columns of two chosen types, of which a problem
// is made.
func (b *builder) parameterColumn(q *checked, i int) (column infer.Column, clear bool) {
	param := q.params[i]
	column = infer.Column{Type: param.Type, Nullable: param.Nullable}
	if param.stated || len(param.Columns) == 0 {
		return column, true
	}
	column.Source = param.Columns[0]
	chosen := b.override(column)
	for _, source := range param.Columns[1:] {
		other := column
		other.Source = source
		o := b.override(other)
		switch {
		case o == nil:
		case chosen == nil:
			column, chosen = other, o
		case o.GoType != chosen.GoType:
			b.problem(q.text, q.text.Params[i].Pos, "%s goes with %s.%s and %s.%s, which have Go types of their own: use two parameters",
				q.text.Params[i], column.Source.Table, column.Source.Column, source.Table, source.Column)
			return column, false
		}
	}
	return column, true
}

// bulk makes a method that runs the query once for each of many rows.
func (b *builder) bulk(q *checked, data *queryData, fields []fieldData, binds []string) {
	data.Call, data.Results = "Bulk", "(int64, error)"
	data.Bulk = &bulkData{}
	if len(fields) == 1 {
		data.Bulk.Type = fields[0].Type
		data.imports = append(data.imports, fields[0].imports...)
		data.Args = []string{strings.Replace(binds[0], "%s", "*row", 1)}
	} else {
		data.Bulk.Type = b.paramsStruct(q, data, fields).Name
		for i, field := range fields {
			data.Args = append(data.Args, strings.Replace(binds[i], "%s", "row."+field.Name, 1))
		}
	}
	data.Signature = ", rows []" + data.Bulk.Type
}
