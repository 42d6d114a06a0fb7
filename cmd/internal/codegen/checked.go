package codegen

import (
	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// checked is a query that SQLite accepts and whose types are known.
type checked struct {
	text     *sqltext.Query
	tokens   []sqltext.Token // of the text before its stars were written out
	hints    []hint
	stated   []infer.Parameter // what its author, or sqlc, says of its parameters
	gist     string            // its first words
	sql      string            // what the generated code sends to SQLite
	params   []parameter
	outputs  []infer.Output
	readOnly bool
	session  bool // reads what the connection did before
	reshaped bool // its author stated something of its columns
}

// parameter is what is known of a parameter, and whether its author stated it.
type parameter struct {
	infer.Parameter
	stated bool
}

// parameters are what was found out, none of it stated.
func parameters(found []infer.Parameter) []parameter {
	params := make([]parameter, len(found))
	for i := range found {
		params[i].Parameter = found[i]
	}
	return params
}
