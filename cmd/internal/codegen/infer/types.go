package infer

import (
	"slices"
	"strings"
)

// Type is what Go makes of an SQL value.
type Type int

// The types. Null is that of the literal NULL, which goes with every other. Real is a
// number, stored as REAL or as INTEGER. Json is a JSON text, of which SQLite stores one
// that is a number alone as that number.
const (
	Unknown Type = iota
	Null
	Integer
	Real
	Text
	Blob
	Bool
	Time
	Json
)

func (t Type) String() string {
	return [...]string{"unknown", "NULL", "INTEGER", "REAL", "TEXT", "BLOB", "BOOLEAN", "DATETIME", "JSON"}[t]
}

// kept are the declared types whose names do not tell SQLite so, but whose values it
// stores as they are given: integers and reals as numbers, bytes as bytes.
var kept = map[string]Type{
	"SERIAL": Integer, "SMALLSERIAL": Integer, "BIGSERIAL": Integer, "LONG": Integer, "YEAR": Integer, "BIT": Integer,
	"UNSIGNED": Integer, "EPOCH": Integer, "UNIXEPOCH": Integer,
	"NUMBER": Real, "MONEY": Real, "SMALLMONEY": Real, "CURRENCY": Real, "DEC": Real, "FIXED": Real, "SINGLE": Real, "JULIANDAY": Real,
	"BINARY": Blob, "VARBINARY": Blob, "BYTEA": Blob,
	"DATE": Text, "TIME": Text, "TIMETZ": Text, // not a number, as SQLite reads them
	"JSON": Json, "JSONB": Json,
}

// Declared returns the type of a column by the type in its declaration. It is
// Unknown for declarations under which SQLite stores values of several types, or
// stores another value than it is given; [Reason] says why.
func Declared(declaration string) Type {
	name := bare(declaration)
	affinity := affinityOf(declaration)
	begins := func(prefix string) bool { return strings.HasPrefix(name, prefix) }
	switch {
	case begins("BOOL") && (affinity == Integer || affinity == Null):
		return Bool
	case begins("DATETIME"), begins("TIMESTAMP"):
		return Time
	case affinity != Null:
		return affinity
	case begins("NUMERIC"), begins("DECIMAL"):
		return Real
	case begins("TIME "), begins("DATE "):
		return Text
	default:
		return kept[name]
	}
}

// IsDate reports whether a column of the given declared type holds days.
func IsDate(declaration string) bool { return bare(declaration) == "DATE" }

// bare returns a declared type in upper case, without what stands in parentheses.
func bare(declaration string) string {
	name, _, _ := strings.Cut(strings.ToUpper(declaration), "(")
	return strings.TrimSpace(name)
}

// affinityOf returns what SQLite makes of a declared type by its rules
// (https://www.sqlite.org/datatype3.html#determination_of_column_affinity), or Null for
// NUMERIC affinity and for no type.
func affinityOf(declaration string) Type {
	name := strings.ToUpper(declaration)
	contains := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) })
	}
	switch {
	case contains("INT"):
		return Integer
	case contains("CHAR", "CLOB", "TEXT"):
		return Text
	case contains("BLOB"):
		return Blob
	case contains("REAL", "FLOA", "DOUB"):
		return Real
	default:
		return Null
	}
}

// Reason says why a column of the given declared type has no type in Go, and what to
// do. It is empty when the column has one.
func Reason(column, declaration string) string {
	if Declared(declaration) != Unknown {
		return ""
	}
	switch name := bare(declaration); name {
	case "":
		return "column " + column + " is declared without a type: declare one"
	case "ANY":
		return "column " + column + " is declared ANY and holds values of every type"
	case "UUID", "GUID":
		return "column " + column + " is declared " + name + ", which SQLite treats as a number, and one of digits alone would be altered: declare it TEXT"
	default:
		return "column " + column + " is declared " + name + ", which SQLite treats as a number: declare it TEXT, or as what it holds"
	}
}

// castTo returns the type of CAST(… AS declaration), or why it has none: SQLite makes
// a number of what is cast to a type that it does not know, also to DATETIME or JSON.
func castTo(declaration string) (Type, string) {
	t := Declared(declaration)
	name := bare(declaration)
	if t == Time || affinityOf(declaration) == Null && t != Bool && t != Real {
		return Unknown, "CAST AS " + name + " makes a number of a text: cast to INTEGER, REAL, TEXT or BLOB"
	}
	return t, ""
}

// mix returns the type of a value that is of one of two types, or why it has none.
func mix(a, b Type, whyA, whyB string) (Type, string) {
	switch {
	case a == Unknown:
		return Unknown, whyA
	case b == Unknown:
		return Unknown, whyB
	case a == b, b == Null:
		return a, whyA
	case a == Null:
		return b, whyB
	case a.number() && b.number():
		return number(a, b), ""
	case a == Time && b == Text, a == Text && b == Time:
		return Text, ""
	default:
		return Unknown, "it is " + a.String() + " in one case and " + b.String() + " in another"
	}
}

// number reports whether values of the type are numbers.
func (t Type) number() bool { return t == Integer || t == Real || t == Bool }

// number returns the type of an arithmetic result. Whatever the operands are, it is a
// number.
func number(a, b Type) Type {
	if counted(a) == Integer && counted(b) == Integer {
		return Integer
	}
	return Real
}

// counted returns the type a truth value has in arithmetic.
func counted(t Type) Type {
	if t == Bool {
		return Integer
	}
	return t
}
