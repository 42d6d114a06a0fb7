package codegen

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// fallbacksFit refuses defaults of columns that the columns' Go types cannot be read
// from, where a query reads the column: it could not read a row that was written without
// a value for it. Of others it warns.
func (b *builder) fallbacksFit() error {
	for _, table := range b.tables {
		defaults, err := b.db.Defaults(table)
		if err != nil {
			return fmt.Errorf("codegen: %w", err)
		}
		if len(defaults) == 0 {
			continue
		}
		columns, _ := b.catalog.Table(table)
		for _, d := range defaults {
			for _, column := range columns {
				if strings.EqualFold(column.Name, d.Column) {
					b.fallbackFits(table, column, d)
				}
			}
		}
	}
	return nil
}

func (b *builder) fallbackFits(table string, column infer.Column, d sqlcheck.Default) {
	p := b.columnAt(table, column.Name)
	name := d.SQL + " of " + strings.ToLower(table) + "." + strings.ToLower(column.Name)
	const released = "; where that is released, make the table anew in another migration"
	if d.Refusal != "" {
		p.Message = fmt.Sprintf("the default %s is never stored, for SQLite says: %s: write another one"+released, name, d.Refusal)
		b.problems.Put(p)
		return
	}
	of, ok := b.of(column)
	if !ok {
		return // it has no type, and whoever reads it is told
	}
	r, ok := readings[of.method()]
	if !ok || r.reads(d) {
		return
	}
	stored := ""
	if !strings.Contains(r.kinds, d.Kind) {
		stored = "is stored as " + d.Kind + ", which "
	}
	advice := r.write
	if column.Type == infer.Time && (d.Kind == "INTEGER" || d.Kind == "REAL") {
		advice += ", or declare the column INTEGER and give it the go_type time.Time under overrides, for milliseconds"
	}
	p.Message = fmt.Sprintf("the default %s %scan never be read as %s: write %s"+released+", or give the column a go_type under overrides that reads it",
		name, stored, strings.TrimPrefix(of.Name, "*"), advice)
	if p.Queries = b.readersOf(table, column.Name); len(p.Queries) == 0 {
		p.Severity = problem.Warning
	}
	b.problems.Put(p)
}

// readersOf returns the queries whose results have a column of a table as it is stored.
func (b *builder) readersOf(table, column string) (names []string) {
	for _, q := range b.checked {
		for _, output := range q.outputs {
			if strings.EqualFold(output.Source.Table, table) && strings.EqualFold(output.Source.Column, column) {
				names = append(names, q.text.Name)
				break
			}
		}
	}
	return names
}

// readMethod matches the method of query.Row within what reads a column.
var readMethod = regexp.MustCompile(`^row\.(?:Null)?(\w+)\(|\(\*query\.Row\)\.(\w+)\)$`)

// wholeNumbers matches what reads a column into an integer of a size.
var wholeNumbers = regexp.MustCompile(`^query\.Get\[\*?u?int(8|16|32|64)?\]`)

// method is the method of query.Row that reads values of the type, or "" when only the
// type itself knows what it reads.
func (t goType) method() string {
	if found := readMethod.FindStringSubmatch(t.Read); found != nil {
		return cmp.Or(found[1], found[2])
	}
	if wholeNumbers.MatchString(t.Read) {
		return "Int"
	}
	return ""
}

// reading is what a method of query.Row reads without an error.
type reading struct {
	kinds string                      // as SQLite calls them
	fits  func(sqlcheck.Default) bool // of a value of these kinds; nil when all do
	write string                      // a default that is read
}

func (r reading) reads(d sqlcheck.Default) bool {
	return d.Kind == "NULL" || strings.Contains(r.kinds, d.Kind) && (r.fits == nil || r.fits(d))
}

// readings are the methods of query.Row.
var readings = map[string]reading{
	"Int":    {kinds: "INTEGER", write: "an INTEGER, such as DEFAULT 0"},
	"Float":  {kinds: "REAL INTEGER", write: "a number, such as DEFAULT 0"},
	"Text":   {kinds: "TEXT", write: "a text, such as DEFAULT ''"},
	"Blob":   {kinds: "BLOB TEXT", write: "a BLOB, such as DEFAULT x''"},
	"Bytes":  {kinds: "BLOB TEXT", write: "a text, such as DEFAULT ''"},
	"Bool":   {kinds: "INTEGER", fits: isTruth, write: "DEFAULT TRUE or FALSE"},
	"Time":   {kinds: "TEXT", fits: isTime, write: "DEFAULT (" + presentTime + ")"},
	"Date":   {kinds: "TEXT", fits: isTime, write: "DEFAULT (date('now'))"},
	"Millis": {kinds: "INTEGER", write: "milliseconds, such as DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER))"},
	"JSON":   {kinds: "TEXT INTEGER REAL", write: "JSON as a text, such as DEFAULT '{}'"},
}

// presentTime is the present time in the format that times are stored in.
const presentTime = "strftime('%Y-%m-%d %H:%M:%f', 'now')"

func isTruth(d sqlcheck.Default) bool { return d.Text == "0" || d.Text == "1" }

// isTime reports whether a text is one of those that [query.Row.Time] reads.
func isTime(d sqlcheck.Default) bool {
	text := strings.ReplaceAll(strings.Trim(d.Text, "'"), "''", "'")
	for _, format := range []string{query.TimeFormat, time.DateTime, time.DateOnly, time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00"} {
		if _, err := time.Parse(format, text); err == nil {
			return true
		}
	}
	return false
}
