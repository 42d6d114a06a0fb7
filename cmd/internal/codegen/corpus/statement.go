package corpus

import (
	"regexp"
	"slices"
	"strings"
)

// statement is what stands between two semicolons of a file, comments included.
type statement struct {
	start, end int     // byte offsets in the file; the semicolon belongs to it
	tokens     []token // semicolon excluded
	name       string  // from sqlc's comment; empty when there is none
	command    string  // such as :one
}

var nameComment = regexp.MustCompile(`^(?:--|/\*|#)\s*name:\s*([A-Za-z_]\w*)\s+(:\w+)`)

// statements cuts a file at its semicolons. Those in the body of a trigger cut nothing.
func statements(text string) []statement {
	var all []statement
	var current statement
	var body triggerBody
	for _, t := range lex(text) {
		body.read(t)
		current.end = t.pos + len(t.text)
		if t.kind != tokenMark || t.text != ";" || body.inside() {
			current.tokens = append(current.tokens, t)
			continue
		}
		all = append(all, current.named())
		current, body = statement{start: current.end}, triggerBody{}
	}
	if len(current.tokens) > 0 {
		all = append(all, current.named())
	}
	return all
}

// named reads the comment that makes a query of a statement.
func (s statement) named() statement {
	for _, t := range s.tokens {
		if t.kind != tokenComment {
			continue
		}
		if parts := nameComment.FindStringSubmatch(t.text); parts != nil {
			s.name, s.command = parts[1], parts[2]
			break
		}
	}
	return s
}

// promises reports whether the author says of a result column what it holds.
func (s statement) promises() bool {
	for _, t := range s.tokens {
		if t.kind == tokenComment && strings.Contains(t.text, "@column ") {
			return true
		}
	}
	return false
}

// words returns the first keywords and names of a statement, in capitals.
func (s statement) words(count int) []string {
	var words []string
	for _, t := range s.tokens {
		if t.blank() || t.kind == tokenMark && t.text == ";" {
			continue
		}
		name := t.kind == tokenWord || t.kind == tokenQuoted ||
			t.kind == tokenString && len(words) > 1 && (words[len(words)-1] == "TABLE" || words[len(words)-1] == "EXISTS") // as SQLite's dumps have it
		if len(words) == count || !name {
			break
		}
		words = append(words, strings.ToUpper(unquoted(t)))
	}
	return words
}

// definesSchema reports whether the statement is of the schema, whatever it is called.
func (s statement) definesSchema() bool {
	words := s.words(1)
	return len(words) > 0 && slices.Contains([]string{"CREATE", "ALTER", "DROP"}, words[0])
}

// empty reports whether there is nothing in a statement that SQLite reads.
func (s statement) empty() bool {
	for _, t := range s.tokens {
		if !t.blank() && t.text != ";" {
			return false
		}
	}
	return true
}

// body returns the statement without the comments before and after it.
func (s statement) body() string {
	first, last := 0, len(s.tokens)
	for first < last && (s.tokens[first].blank() || s.tokens[first].text == ";") {
		first++
	}
	for last > first && s.tokens[last-1].blank() {
		last--
	}
	return join(s.tokens[first:last])
}

func join(tokens []token) string {
	var text strings.Builder
	for _, t := range tokens {
		text.WriteString(t.text)
	}
	return text.String()
}

// triggerBody follows CREATE TRIGGER … BEGIN … END, in which semicolons separate, and
// CASE … END nests.
type triggerBody struct {
	words   int
	trigger bool
	depth   int
}

func (b *triggerBody) read(t token) {
	if t.kind != tokenWord {
		return
	}
	b.words++
	switch {
	case b.words == 1:
		b.trigger = t.is("CREATE")
	case b.words <= 3 && b.trigger && b.depth == 0 && (t.is("TABLE") || t.is("VIEW") || t.is("INDEX") || t.is("UNIQUE") || t.is("VIRTUAL")):
		b.trigger = false
	case !b.trigger:
	case t.is("BEGIN") && b.depth == 0, t.is("CASE") && b.depth > 0:
		b.depth++
	case t.is("END") && b.depth > 0:
		b.depth--
	}
}

func (b *triggerBody) inside() bool { return b.depth > 0 }
