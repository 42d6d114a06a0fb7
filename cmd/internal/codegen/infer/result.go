package infer

import (
	"slices"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// Source is a column of a table, from which a value is read unchanged, be it through
// subqueries, common table expressions and views. It is zero for any other value.
type Source struct {
	Table    string // in lower case
	Column   string
	Declared string // the type in its declaration, as written
}

// Column is a column of a table, a subquery or a result.
type Column struct {
	Name      string
	Type      Type
	Nullable  bool
	Key       bool   // of a table: it is not Nullable because it is a key, and SQLite would store NULL
	Generated bool   // of a table: INSERT cannot give it a value
	Source    Source // where its values are read from
	Why       string // why its Type is Unknown, in a clause that may end with what to do
}

// Catalog knows the tables and views of a database.
type Catalog interface {
	// Table returns the columns that * stands for. Names are found in any case.
	Table(name string) ([]Column, bool)
	// Hidden returns the columns of a table that * does not stand for, such as rowid.
	Hidden(name string) []Column
	// Steady reports whether a statement that writes to the table changes nothing of the
	// rows that it is still to come to, by a trigger or a foreign key's action.
	Steady(name string) bool
}

// Output is a result column of a statement.
type Output struct {
	Column
	Table  string // the table or view it is read from unchanged, if any
	Origin string // the column of that table
	Embed  *Embed // the sqlc.embed it belongs to, if any

	param    int   // the parameter that it is and nothing else
	uses     []use // the parameters behind it
	nameless []int // see expr
	Pos      int   // the byte offset in the file at which it begins
	named    bool  // SQLite knows it by Name, and not by its text
}

// Embed is one sqlc.embed of a statement.
type Embed struct {
	Name     string // as written
	Table    string
	Nullable bool // on the optional side of an outer join
	Pos      int  // the byte offset in the file
}

// Parameter is what a statement says of one parameter.
type Parameter struct {
	Type     Type
	Nullable bool     // it is stored in, or compared by IS with, what can be NULL, or asked whether it is
	Conflict string   // why there is no type, when two places differ
	Name     string   // a name for one that has none: the column it is compared with, or stored in
	Columns  []Source // the columns that it is compared with or stored in, in the order of the text
	Why      string   // why its Type is Unknown, when there is no Conflict
	Untold   bool     // its Type is Unknown because no place says anything of it
}

// Result is what is known of a statement.
type Result struct {
	Params  []Parameter // by number
	Outputs []Output
	Session bool           // it asks what the connection did before: changes() and its like
	Notes   []Note         // what is probably not meant
	Stars   map[int]string // what each * of the result stands for, by the byte offset in the file
}

// maxReadings is how often a statement is read for the parameters whose types depend
// on those of others.
const maxReadings = 6

// Statement reads a statement with the given parameters. stated is what somebody else
// knows of them: their types, where those are not Unknown, and that they can be NULL.
// The result columns follow from that too. It is by number, and may be shorter than
// params.
func Statement(tokens []sqltext.Token, params []sqltext.Parameter, catalog Catalog, stated []Parameter) (Result, error) {
	known := make([]Parameter, len(params))
	for i, param := range params {
		known[i].Nullable = param.Nullable
		if i < len(stated) {
			known[i].Type = stated[i].Type
			known[i].Nullable = known[i].Nullable || stated[i].Nullable
		}
	}
	// Each reading knows of the parameters what the one before found behind them.
	for range maxReadings {
		result, err := read(tokens, known, catalog)
		if err != nil {
			return Result{}, err
		}
		next := slices.Clone(known)
		for i := range known {
			found := &result.Params[i]
			found.Nullable = found.Nullable || known[i].Nullable
			if i < len(stated) && stated[i].Type != Unknown {
				found.Type, found.Conflict = stated[i].Type, ""
			}
			switch {
			case found.Type != Unknown || found.Conflict != "":
				found.Why = ""
			case found.Why == "":
				found.Untold = true
				found.Why = "no place of the query says what " + params[i].String() + " is"
			}
			next[i].Type, next[i].Nullable = found.Type, found.Nullable
		}
		if slices.EqualFunc(known, next, func(a, b Parameter) bool { return a.Type == b.Type && a.Nullable == b.Nullable }) {
			return result, nil
		}
		known = next
	}
	return Result{}, &LostError{Reason: "the types of its parameters depend on each other: CAST each of them", Pos: tokens[0].Pos}
}

// View reads the SELECT of a view, and returns its columns.
func View(tokens []sqltext.Token, catalog Catalog) (columns []Column, err error) {
	p := newParser(tokens, nil, catalog)
	defer p.giveUp(&err)
	outputs := p.query(nil)
	if p.at != len(p.tokens) {
		p.lost()
	}
	for _, o := range outputs {
		columns = append(columns, o.Column)
	}
	return columns, nil
}

func newParser(tokens []sqltext.Token, known []Parameter, catalog Catalog) *parser {
	return &parser{
		tokens:  tokens,
		closing: pairs(tokens),
		facts:   map[int]*fact{},
		catalog: catalog,
		known:   known,
		claims:  make([]claims, len(known)),
		result:  Result{Params: make([]Parameter, len(known)), Stars: map[int]string{}},
	}
}

// giveUp returns the panic of a parser that is lost as the error that it is.
func (p *parser) giveUp(err *error) {
	if r := recover(); r != nil {
		lost, ok := r.(*LostError)
		if !ok {
			panic(r)
		}
		*err = lost
	}
}

func read(tokens []sqltext.Token, known []Parameter, catalog Catalog) (result Result, err error) {
	p := newParser(tokens, known, catalog)
	defer p.giveUp(&err)
	p.statement()
	for i := range p.claims {
		p.result.Params[i] = p.claims[i].settle()
	}
	return p.result, nil
}

// LostError is returned when a statement cannot be followed.
type LostError struct {
	Reason string // what cannot be followed and what to do
	Pos    int    // the byte offset in the file
}

func (e *LostError) Error() string { return e.Reason }
