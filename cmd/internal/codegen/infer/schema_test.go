package infer_test

import (
	"fmt"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
)

// values are what generated code stores in a column of the type, as literals.
var values = map[infer.Type][]string{
	infer.Integer: {"0", "1", "-3", "7"},
	infer.Real:    {"0.0", "1.0", "-2.5", "3", "0.5"},
	infer.Text:    {"''", "'a'", "'5'", "'1e3'", "'ü🙂'", "'2024-02-30'"},
	infer.Blob:    {"x''", "x'00ff'"},
	infer.Bool:    {"0", "1"},
	infer.Time:    {"'2024-05-06 07:08:09.123'", "'0000-01-01 00:00:00.000'", "'9999-12-31 23:59:59.999'"},
	infer.Json:    {"'{\"a\": 1}'", "'[1, null]'", "'null'", "'123'", "'1.5'", "'\"x\"'"},
	infer.Unknown: {"0", "1.5", "'a'", "'5'", "x'01'"},
}

var declarations = []string{
	"INTEGER", "INT", "BIGINT", "TEXT", "VARCHAR(10)", "REAL", "DOUBLE PRECISION", "BLOB", "BOOLEAN", "BOOL", "DATETIME", "TIMESTAMP",
	"NUMERIC", "DECIMAL(10, 2)", "JSON", "UUID", "STRING", "", "ANY", "FLOATING POINT", "CHARINT", "BOOLTEXT", "BIGSERIAL", "JULIANDAY", "DATE", "VARBINARY(4)",
}

// schema makes tables with rows and perhaps a view.
func (d *drawer) schema(s *schema) {
	for range d.n(1, 3) {
		name := fmt.Sprintf("t%d", len(d.tables))
		strict := d.chance(6)
		var columns, names []string
		var types []string
		for i := range d.n(1, 4) {
			declared := d.one(declarations...)
			if strict {
				declared = d.one("INTEGER", "INT", "REAL", "TEXT", "BLOB", "ANY")
			}
			column := fmt.Sprintf("c%d %s", i, declared)
			if i == 0 {
				column += d.one("", " PRIMARY KEY", " PRIMARY KEY DESC", " NOT NULL PRIMARY KEY")
			} else {
				column += d.one("", " NOT NULL")
			}
			if i > 0 && !strict && d.chance(10) {
				columns = append(columns, column+" AS (c0) "+d.one("VIRTUAL", "STORED"))
				columns[i] = strings.Replace(columns[i], declared, "", 1)
				continue
			}
			columns = append(columns, column)
			names = append(names, fmt.Sprintf("c%d", i))
			types = append(types, declared)
		}
		options := d.one("", "", "WITHOUT ROWID")
		if strict {
			options = strings.TrimPrefix(options+", STRICT", ", ")
		}
		if !s.exec(fmt.Sprintf("CREATE TABLE %s (%s) %s", name, strings.Join(columns, ", "), options)) {
			continue
		}
		d.tables = append(d.tables, name)
		for range d.n(0, 3) {
			var row []string
			for _, t := range types {
				stored := values[infer.Declared(t)]
				if t == "DATE" {
					stored = []string{"'2024-02-29'"}
				}
				row = append(row, d.one(append([]string{"NULL"}, stored...)...))
			}
			s.exec(fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", name, strings.Join(names, ", "), strings.Join(row, ", ")))
		}
	}
	if len(d.tables) == 0 {
		d.Skip("no table")
	}
	if d.chance(3) {
		d.depth = 1
		body := d.query(false)
		if s.exec("CREATE VIEW v AS " + body) {
			s.views["v"] = body
			d.tables = append(d.tables, "v")
		}
	}
}
