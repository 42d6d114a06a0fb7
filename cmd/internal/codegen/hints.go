package codegen

import (
	"slices"
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// hint is a comment by which an author states what cannot be found out, as it is read:
// -- @param name type and -- @column name type, each with not null or null behind the
// type, or alone.
type hint struct {
	sqltext.Hint
	typ      *infer.Type // nil when it does not speak of that, as is nullable
	nullable *bool
	readable bool
}

// readHints reads the hints of a query, but for those that are about its plan.
func readHints(q *sqltext.Query) []hint {
	var hints []hint
	for _, h := range q.Hints {
		if h.Subject != "scan" {
			hints = append(hints, readHint(h))
		}
	}
	return hints
}

// readHint reads the words of a hint.
func readHint(written sqltext.Hint) hint {
	h := hint{Hint: written}
	words := h.Words
	yes, no := true, false
	switch n := len(words); {
	case n >= 2 && words[n-2] == "not" && words[n-1] == "null":
		h.nullable, words = &no, words[:n-2]
	case n >= 1 && words[n-1] == "null":
		h.nullable, words = &yes, words[:n-1]
	}
	switch len(words) {
	case 0:
		h.readable = h.nullable != nil
	case 1:
		t := infer.Declared(words[0])
		h.typ, h.readable = &t, t != infer.Unknown
	}
	return h
}

// hints applies the hints of a query.
func (c *checker) hints(r *checked) {
	for i, h := range r.hints {
		switch {
		case h.contradicts(r.hints[:i]):
			c.problem(r.text, h.Pos, "@%s %s: this contradicts another comment about it: remove one of the two", h.Subject, h.Name)
		case !h.readable:
			c.problem(r.text, h.Pos, "cannot read @%s: write -- @%s name type, the type being integer, real, text, blob, boolean, datetime or json, with not null or null behind it if that matters%s",
				strings.TrimSpace(h.Subject+" "+h.Name+" "+strings.Join(h.Words, " ")), h.Subject, typeMeant(h.Words))
		case h.Subject == "param":
			c.paramHint(r, h)
		default:
			c.columnHint(r, h)
		}
	}
}

// contradicts reports whether a hint says something else than one before it.
func (h hint) contradicts(others []hint) bool {
	return slices.ContainsFunc(others, func(o hint) bool {
		same := o.Name == h.Name || h.Subject == "column" && strings.EqualFold(o.Name, h.Name)
		return same && o.Subject == h.Subject && o.readable && h.readable &&
			(h.typ != nil && o.typ != nil && *h.typ != *o.typ || h.nullable != nil && o.nullable != nil && *h.nullable != *o.nullable)
	})
}

// typesOfGo are the types that hints are written with in the belief that they name Go's.
var typesOfGo = map[string]string{
	"string": "text", "[]byte": "blob", "bytes": "blob", "byte": "blob", "time.time": "datetime", "json.rawmessage": "json", "number": "real",
}

// typeMeant proposes the type that an unreadable hint was probably meant to name.
func typeMeant(words []string) string {
	if len(words) == 0 {
		return ""
	}
	if meant := typesOfGo[strings.TrimPrefix(words[0], "*")]; meant != "" {
		return ": did you mean " + meant + "?"
	}
	return meantOr(words[0], []string{"integer", "real", "text", "blob", "boolean", "datetime", "json"}, "")
}

// statedParams is what the hints say of each parameter's type, and that it can be
// NULL.
func statedParams(q *sqltext.Query, hints []hint) []infer.Parameter {
	params := make([]infer.Parameter, len(q.Params))
	for _, h := range hints {
		i := paramOf(q, h)
		if h.Subject != "param" || !h.readable || i < 0 {
			continue
		}
		if h.typ != nil {
			params[i].Type = *h.typ
		}
		params[i].Nullable = h.nullable != nil && *h.nullable
	}
	return params
}

// paramOf returns the place of the parameter that a hint names, or -1.
func paramOf(q *sqltext.Query, h hint) int {
	return slices.IndexFunc(q.Params, func(p sqltext.Parameter) bool { return hintName(p) == h.Name })
}

// hintName is how a hint names a parameter.
func hintName(p sqltext.Parameter) string {
	if p.Name == "" {
		return strconv.Itoa(p.Number)
	}
	return p.Name
}

// paramHint applies what is stated of a parameter.
func (c *checker) paramHint(r *checked, h hint) {
	i := paramOf(r.text, h)
	if i < 0 {
		c.problem(r.text, h.Pos, "@param %s: the query has no such parameter", h.Name)
		return
	}
	if h.typ != nil {
		r.params[i].Type, r.params[i].Conflict, r.params[i].stated = *h.typ, "", true
	}
	if h.nullable != nil {
		if !*h.nullable && r.text.Params[i].Nullable {
			c.problem(r.text, h.Pos, "@param %s: not null contradicts sqlc.narg", h.Name)
		}
		r.params[i].Nullable = *h.nullable
	}
}

// columnHint applies what is stated of the columns of a name.
func (c *checker) columnHint(r *checked, h hint) {
	found := false
	for i := range r.outputs {
		output := &r.outputs[i]
		if output.Embed != nil || !strings.EqualFold(output.Name, h.Name) {
			continue
		}
		found, r.reshaped = true, true
		if h.typ != nil {
			output.Type = *h.typ
		}
		if h.nullable != nil {
			output.Nullable = *h.nullable
		}
	}
	if !found {
		c.problem(r.text, h.Pos, "@column %s: the query has no such column", h.Name)
	}
}
