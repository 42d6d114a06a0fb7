package infer

import "strings"

// Type is what Go makes of an SQL value.
type Type int

// The types. Null is that of the literal NULL, which goes with every other.
const (
	Unknown Type = iota
	Null
	Integer
	Real
	Text
	Blob
	Bool
	Time
)

func (t Type) String() string {
	return [...]string{"unknown", "NULL", "INTEGER", "REAL", "TEXT", "BLOB", "BOOLEAN", "DATETIME"}[t]
}

// Declared returns the type of a column by the type in its declaration. It is
// Unknown for declarations such as NUMERIC, DECIMAL, JSON and ANY, under which SQLite
// stores values of several types.
func Declared(declaration string) Type {
	name := strings.ToUpper(strings.TrimSpace(declaration))
	contains := func(parts ...string) bool {
		for _, part := range parts {
			if strings.Contains(name, part) {
				return true
			}
		}
		return false
	}
	switch {
	case strings.HasPrefix(name, "BOOL"):
		return Bool
	case strings.HasPrefix(name, "DATETIME"), strings.HasPrefix(name, "TIMESTAMP"):
		return Time
	case name == "DATE", name == "TIME":
		return Text
	case contains("INT"):
		return Integer
	case contains("CHAR", "CLOB", "TEXT"):
		return Text
	case contains("BLOB"):
		return Blob
	case contains("REAL", "FLOA", "DOUB"):
		return Real
	default:
		return Unknown
	}
}

// castTo returns the type of CAST(… AS declaration). A cast to DATETIME, DATE or TIME
// is Unknown: SQLite makes a number of the text then.
func castTo(declaration string) Type {
	switch strings.ToUpper(strings.TrimSpace(declaration)) {
	case "DATE", "TIME":
		return Unknown
	}
	if t := Declared(declaration); t != Time {
		return t
	}
	return Unknown
}

// either returns the type of a value that is one of two.
func either(a, b Type) Type {
	switch {
	case a == b, b == Null:
		return a
	case a == Null:
		return b
	case a == Bool && b == Integer, a == Integer && b == Bool:
		return Integer
	case a == Time && b == Text, a == Text && b == Time:
		return Text
	default:
		return Unknown
	}
}

// number returns the type of an arithmetic result.
func number(a, b Type) Type {
	a, b = counted(a), counted(b)
	switch {
	case a == Integer && b == Integer:
		return Integer
	case (a == Integer || a == Real) && (b == Integer || b == Real):
		return Real
	default:
		return Unknown
	}
}

// counted returns the type a truth value has in arithmetic.
func counted(t Type) Type {
	if t == Bool {
		return Integer
	}
	return t
}
