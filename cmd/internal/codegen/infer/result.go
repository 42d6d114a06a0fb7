package infer

import (
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// Column is a column of a table, a subquery or a result.
type Column struct {
	Name     string
	Type     Type
	Nullable bool
}

// Catalog knows the tables and views of a database.
type Catalog interface {
	// Table returns the columns that * stands for. Names are found in any case.
	Table(name string) ([]Column, bool)
}

// Output is a result column of a statement.
type Output struct {
	Column
	Table  string // the table it is read from unchanged, if any
	Origin string // the column of that table
	Embed  *Embed // the sqlc.embed it belongs to, if any

	param int  // the parameter that it is and nothing else
	named bool // SQLite knows it by Name, and not by its text
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
	Nullable bool   // it is stored in, or compared by IS with, what can be NULL
	Conflict string // why there is no type, when two places differ
	weak     Type   // what Type is when nothing else says it
	Name     string // a name for one that has none: the column it is compared with, or stored in
}

// Result is what is known of a statement.
type Result struct {
	Params  []Parameter // by number
	Outputs []Output
	Session bool           // it asks what the connection did before: changes() and its like
	Stars   map[int]string // what each * of the result stands for, by the byte offset in the file
}

// Statement reads a statement with the given parameters.
func Statement(tokens []sqltext.Token, params []sqltext.Parameter, catalog Catalog) (Result, error) {
	known := make([]Parameter, len(params))
	for i, param := range params {
		known[i].Nullable = param.Nullable
	}
	// The second reading knows of each parameter what the first found behind it.
	first, err := read(tokens, known, catalog)
	if err != nil {
		return Result{}, err
	}
	for i := range known {
		known[i].Type = first.Params[i].Type
		known[i].Nullable = known[i].Nullable || first.Params[i].Nullable
	}
	return read(tokens, known, catalog)
}

func read(tokens []sqltext.Token, known []Parameter, catalog Catalog) (result Result, err error) {
	p := &parser{
		tokens:  tokens,
		catalog: catalog,
		known:   known,
		result:  Result{Params: make([]Parameter, len(known)), Stars: map[int]string{}},
	}
	defer func() {
		if r := recover(); r != nil {
			lost, ok := r.(*LostError)
			if !ok {
				panic(r)
			}
			err = lost
		}
	}()
	p.statement()
	for i := range p.result.Params {
		if param := &p.result.Params[i]; param.Type == Unknown && param.Conflict == "" {
			param.Type = param.weak
		}
	}
	return p.result, nil
}

// LostError is returned when a statement cannot be followed.
type LostError struct {
	Reason string // what cannot be followed and what to do
	Pos    int    // the byte offset in the file
}

func (e *LostError) Error() string { return e.Reason }
