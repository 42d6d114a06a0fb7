package differential

// kind is what values a column or an expression has.
type kind int

const (
	integer kind = iota
	text
	real
	boolean
	blob
	moment // a time, as Silo stores it
	day    // a date as text
	decimal
	document // JSON
)

// kinds are all of them, those that queries are mostly about first.
var kinds = []kind{integer, text, real, boolean, blob, moment, day, decimal, document}

// declarations are the types that a column of a kind is declared with.
var declarations = [...][]string{
	integer:  {"INTEGER", "INT", "BIGINT", "integer", "SMALLINT", "UNSIGNED BIG INT", "INT8"},
	text:     {"TEXT", "VARCHAR(20)", "text", "VARCHAR", "NVARCHAR(100)", "CLOB", "CHARACTER(20)"},
	real:     {"REAL", "DOUBLE", "FLOAT", "DOUBLE PRECISION"},
	boolean:  {"BOOLEAN", "BOOL", "boolean"},
	blob:     {"BLOB", "blob"},
	moment:   {"DATETIME", "TIMESTAMP"},
	day:      {"DATE"},
	decimal:  {"DECIMAL(10,2)", "NUMERIC", "DECIMAL"},
	document: {"JSON"},
}

// strict are the types that a STRICT table allows.
var strict = [...]string{
	integer: "INTEGER", text: "TEXT", real: "REAL", boolean: "INT", blob: "BLOB", moment: "TEXT", day: "TEXT", decimal: "REAL", document: "TEXT",
}

// casts are the types that CAST makes a value of a kind with. Those of kinds without an
// affinity of their own are texts.
var casts = [...]string{
	integer: "INTEGER", text: "TEXT", real: "REAL", boolean: "BOOLEAN", blob: "BLOB", moment: "TEXT", day: "TEXT", decimal: "NUMERIC", document: "TEXT",
}

// hints are the types that a comment gives a parameter or a column of a kind.
var hints = [...]string{
	integer: "integer", text: "text", real: "real", boolean: "boolean", blob: "blob", moment: "datetime", day: "text", decimal: "real", document: "json",
}

// literals are constants of each kind, with what confuses a reader of SQL in them.
var literals = [...][]string{
	integer: {"1", "0", "-1", "42", "7", "9007199254740993", "0x1F", "1000000"},
	text: {
		"'a'", "''", "'b'", "'it''s'", "'Größe 🙂'", "'semi; colon'", "'-- no comment'", "'/* neither'", "'? @x :y $z'", "'日本語'",
		`'"'`, "'`'", "'sqlc.arg(x)'", "'%'", "'two\nlines'", `'\'`,
	},
	real:     {"0.5", "1.0", "-2.25", "1e10", ".5", "123456.789"},
	boolean:  {"TRUE", "FALSE", "1", "0"},
	blob:     {"X'00ff'", "x''", "X'61'"},
	moment:   {"'2024-02-29 12:34:56.789'", "'1999-12-31 23:59:59.000'"},
	day:      {"'2024-02-29'", "'1970-01-01'"},
	decimal:  {"1", "12.50", "-0.01"},
	document: {`'{"a": [1, 2.5, {"b": null}], "ü": "ß"}'`, `'[1, "x", null]'`, `'"🙂"'`, `'{}'`},
}

// column is a column of a table or of a statement's result.
type column struct {
	name      string
	kind      kind
	notNull   bool
	omissible bool // an INSERT may leave it out
	generated bool
	unique    bool // alone
	opaque    bool // its values are of several types
}

// ofKind returns the columns of a kind.
func ofKind(columns []column, k kind) []column {
	var found []column
	for _, c := range columns {
		if c.kind == k && !c.opaque {
			found = append(found, c)
		}
	}
	return found
}
