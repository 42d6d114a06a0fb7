package codegen

import (
	"slices"
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// hints applies what the query's author states in comments: -- @param name type and
// -- @column name type, each with not null or null behind the type, or alone.
func (c *checker) hints(r *checked) {
	for _, hint := range r.text.Hints {
		if hint.Subject == "scan" {
			continue
		}
		stated, ok := statement(hint)
		if !ok {
			c.problem(r.text, hint.Pos, "cannot read @%s: write -- @%s name type, the type being integer, real, text, blob, boolean or datetime, with not null or null behind it if that matters",
				strings.TrimSpace(hint.Subject+" "+hint.Name+" "+strings.Join(hint.Words, " ")), hint.Subject)
			continue
		}
		if hint.Subject == "param" {
			c.paramHint(r, hint, stated)
		} else {
			c.columnHint(r, hint, stated)
		}
	}
}

// stated is what a hint says. What it does not speak of is nil.
type stated struct {
	typ      *infer.Type
	nullable *bool
}

// statement reads the words of a hint.
func statement(hint sqltext.Hint) (stated, bool) {
	var s stated
	words := hint.Words
	yes, no := true, false
	switch n := len(words); {
	case n >= 2 && words[n-2] == "not" && words[n-1] == "null":
		s.nullable, words = &no, words[:n-2]
	case n >= 1 && words[n-1] == "null":
		s.nullable, words = &yes, words[:n-1]
	}
	switch len(words) {
	case 0:
		return s, s.nullable != nil
	case 1:
		t := infer.Declared(words[0])
		s.typ = &t
		return s, t != infer.Unknown
	default:
		return s, false
	}
}

// statedParams is what the comments say of each parameter's type, and that it can be
// NULL.
func statedParams(q *sqltext.Query) []infer.Parameter {
	params := make([]infer.Parameter, len(q.Params))
	for _, hint := range q.Hints {
		s, ok := statement(hint)
		i := slices.IndexFunc(q.Params, func(p sqltext.Parameter) bool { return hintName(p) == hint.Name })
		if hint.Subject != "param" || !ok || i < 0 {
			continue
		}
		if s.typ != nil {
			params[i].Type = *s.typ
		}
		params[i].Nullable = s.nullable != nil && *s.nullable
	}
	return params
}

// hintName is how a hint names a parameter.
func hintName(p sqltext.Parameter) string {
	if p.Name == "" {
		return strconv.Itoa(p.Number)
	}
	return p.Name
}

func (c *checker) paramHint(r *checked, hint sqltext.Hint, s stated) {
	i := slices.IndexFunc(r.text.Params, func(p sqltext.Parameter) bool { return hintName(p) == hint.Name })
	if i < 0 {
		c.problem(r.text, hint.Pos, "@param %s: the query has no such parameter", hint.Name)
		return
	}
	if s.typ != nil {
		r.params[i].Type, r.params[i].Conflict, r.params[i].stated = *s.typ, "", true
	}
	if s.nullable != nil {
		if !*s.nullable && r.text.Params[i].Nullable {
			c.problem(r.text, hint.Pos, "@param %s: not null contradicts sqlc.narg", hint.Name)
		}
		r.params[i].Nullable = *s.nullable
	}
}

func (c *checker) columnHint(r *checked, hint sqltext.Hint, s stated) {
	found := false
	for i := range r.outputs {
		output := &r.outputs[i]
		if output.Embed != nil || !strings.EqualFold(output.Name, hint.Name) {
			continue
		}
		found, r.reshaped = true, true
		if s.typ != nil {
			output.Type = *s.typ
		}
		if s.nullable != nil {
			output.Nullable = *s.nullable
		}
	}
	if !found {
		c.problem(r.text, hint.Pos, "@column %s: the query has no such column", hint.Name)
	}
}
