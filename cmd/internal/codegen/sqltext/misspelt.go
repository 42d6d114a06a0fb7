package sqltext

import (
	"regexp"
	"slices"
	"strings"

	"github.com/silokit/silo/internal/nearest"
)

var (
	// otherName matches a comment that would name a query if it were spelt otherwise.
	otherName = regexp.MustCompile(`(?i)^(?:--|/\*)\s*name\s*:?\s*([\pL_][\pL\pN_]*)\s+:([a-z]+)\s*(?:\*/)?\s*$`)

	// otherHint matches a comment that begins as a hint does.
	otherHint = regexp.MustCompile(`^--\s*@([A-Za-z_-]+)(:?)(.*)$`)
)

// hintSubjects are the words behind @ that mean something.
var hintSubjects = []string{"param", "column", "scan"}

// misspelt notes a comment at a query that is nearly one which means something. One that
// is far from all of them is for readers.
func (p *fileParser) misspelt(comment Token) {
	found := otherHint.FindStringSubmatch(strings.TrimSpace(comment.Text))
	if found == nil {
		return
	}
	word, rest := found[1], strings.TrimSpace(found[3])
	meant := nearest.Name(word, hintSubjects)
	switch {
	case meant == "":
		return
	case rest == "" && meant == "scan":
		rest = "ok"
	case rest == "":
		rest = "name type"
	}
	p.problems.WarnAt(p.file, lineOf(p.lines, comment.Pos), columnOf(p.lines, comment.Pos),
		"%q says nothing to Silo: did you mean \"-- @%s %s\"?", strings.TrimSpace(comment.Text), meant, rest)
}

// misnamed notes comments that were meant to name the statement below them. It reports
// whether there is one.
func (p *fileParser) misnamed(comments []Token) bool {
	at := slices.IndexFunc(comments, func(t Token) bool { return t.Kind == Comment && otherName.MatchString(t.Text) })
	if at < 0 {
		return false
	}
	found := otherName.FindStringSubmatch(comments[at].Text)
	p.problem(comments[at].Pos, "cannot read %q: write \"-- name: %s :%s\", with name in small letters and a colon behind it",
		comments[at].Text, found[1], strings.ToLower(found[2]))
	return true
}
