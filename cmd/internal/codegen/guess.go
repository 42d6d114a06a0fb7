package codegen

import (
	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/plugin"
)

// unclear returns the queries, by their place among those checked, with parameters
// that sqlc may have a guess about.
func (b *block) unclear() map[int]bool {
	unclear := map[int]bool{}
	for i, q := range b.checked {
		for _, param := range q.params {
			if param.Untold && !param.stated {
				unclear[i] = true
			}
		}
	}
	return unclear
}

// guess takes sqlc's word for the parameters of the nth query of which nothing else is
// known.
func (c *checker) guess(n int, r *checked, request *plugin.Request) {
	guessed := false
	for i, param := range r.params {
		declared, ok := request.Type(askedName(n), i+1)
		if ok && param.Untold {
			r.stated[i].Type = infer.Declared(declared)
			guessed = guessed || r.stated[i].Type != infer.Unknown
		}
	}
	if !guessed {
		return
	}
	// Result columns may be made of the parameters.
	if found, err := infer.Statement(r.tokens, r.text.Params, c.catalog, r.stated); err == nil {
		c.take(r, found)
	}
}
