package infer

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// presentTime is the present time in the format that times are stored in.
const presentTime = "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')"

// noteStored looks at what is stored in a column, as far as it is constant or surely of
// one kind: SQLite stores in most columns what no query can read from them again.
func (p *parser) noteStored(e expr, column Column) {
	if column.Type == Time {
		p.noteTime(e, column.Name)
	}
	what, advice := unreadable(e, column)
	if what == "" {
		return
	}
	n := Note{
		Text:   "this stores " + what + " in " + column.Name + ", which no query can read as " + column.Type.wanted() + ": write " + advice,
		Pos:    p.tokens[max(p.at-1, 0)].Pos,
		Refuse: true,
		Into:   column.Source,
	}
	if strings.HasPrefix(e.bytes, "jsonb") { // which json() reads
		n.Text, n.Refuse = n.Text+", or read it with json("+column.Name+") only", false
	}
	p.put(n)
}

// wanted is what values of a column of the type are read as.
func (t Type) wanted() string {
	switch t {
	case Integer:
		return "an INTEGER"
	case Real:
		return "a number"
	case Time:
		return "a time"
	case Bool:
		return "a BOOLEAN"
	case Json:
		return "JSON"
	default:
		return "a " + t.String()
	}
}

// unreadable says what a value is when a column of the type would keep it and no query
// could read it, and what to write in its place. SQLite converts by the column's
// affinity before (https://www.sqlite.org/datatype3.html#type_affinity).
func unreadable(e expr, column Column) (what, advice string) {
	blob := e.typ == Blob && (e.literal || e.bytes != "")
	numeric, value := e.numeric()
	text := e.clock != "" || e.timely || e.typ == Text && e.literal && !numeric
	switch column.Type {
	case Integer:
		switch {
		case blob:
			return "a BLOB", "an INTEGER"
		case e.clock != "" || e.timely:
			return "the text of a time", "unixepoch(), or declare the column DATETIME"
		case text:
			return "a TEXT", "an INTEGER, or declare the column TEXT"
		case numeric && value != math.Trunc(value):
			return "a REAL", "an INTEGER, or declare the column REAL"
		}
	case Real:
		switch {
		case blob:
			return "a BLOB", "a number"
		case e.clock != "" || e.timely:
			return "the text of a time", "julianday() or unixepoch(), or declare the column DATETIME"
		case text:
			return "a TEXT", "a number, or declare the column TEXT"
		}
	case Bool:
		switch {
		case blob:
			return "a BLOB", "TRUE or FALSE"
		case text:
			return "a TEXT", "TRUE or FALSE"
		case numeric && value != 0 && value != 1:
			return "a number other than 0 and 1", "TRUE or FALSE, or declare the column INTEGER"
		}
	case Time:
		switch {
		case blob:
			return "a BLOB", strings.ReplaceAll(presentTime, "%%", "%")
		case e.typ == Integer || e.typ == Real || numeric && e.typ == Text:
			return "a number", strings.ReplaceAll(presentTime, "%%", "%") +
				", or declare the column INTEGER and give it the go_type time.Time under overrides, for milliseconds"
		case e.typ == Text && e.literal && !beginsWithDate.MatchString(e.text):
			return "a TEXT that is no time", "one such as '2006-01-02 15:04:05.000', or " + strings.ReplaceAll(presentTime, "%%", "%")
		}
	case Text:
		if blob && strings.HasPrefix(e.bytes, "jsonb") {
			return "a BLOB", strings.Replace(strings.TrimSuffix(e.bytes, "()"), "jsonb", "json", 1) + "()"
		} else if blob {
			return "a BLOB", "a TEXT, such as hex(…) of it, or declare the column BLOB"
		}
	case Json:
		if blob && strings.HasPrefix(e.bytes, "jsonb") {
			return "a BLOB", strings.Replace(strings.TrimSuffix(e.bytes, "()"), "jsonb", "json", 1) + "()"
		} else if blob {
			return "a BLOB", "JSON as a text"
		}
	case Blob:
		if e.typ.number() {
			return "a number", "a BLOB, or declare the column INTEGER or REAL"
		}
	}
	return "", ""
}

// beginsWithDate matches texts that may be times.
var beginsWithDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d`)

// numeric returns the number that a literal is, or that a column makes of it which holds
// numbers.
func (e expr) numeric() (ok bool, value float64) {
	switch {
	case !e.literal:
		return false, 0
	case e.typ == Integer || e.typ == Real:
		return true, e.number
	case e.typ == Text && looksNumeric.MatchString(e.text):
		value, err := strconv.ParseFloat(strings.TrimSpace(e.text), 64)
		return err == nil, value
	}
	return false, 0
}

// looksNumeric matches texts that SQLite takes for numbers.
var looksNumeric = regexp.MustCompile(`^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$`)
