package advice

import (
	"regexp"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

var silo = regexp.MustCompile(`^--\s*silo:\s*(\S*)`)

// marks reads the comments `-- silo: small` of a statement, which stand right above it
// or within it. It reports whether there is one, and notes those that are elsewhere or
// say something else.
func (h *history) marks(file *File, statement []sqltext.Token) (small bool) {
	first := slices.IndexFunc(statement, func(t sqltext.Token) bool { return !t.Blank() })
	made := first >= 0 && makesTable(sqltext.Significant(statement))
	if first < 0 {
		first = len(statement)
	}
	for i, token := range statement {
		found := silo.FindStringSubmatch(token.Text)
		if token.Kind != sqltext.Comment || found == nil || found[1] == "compatible-with" {
			continue
		}
		place := place{file, token.Pos}
		switch {
		case found[1] != "small":
			h.findings = append(h.findings, place.finding("there is no mark %q: there are `-- silo: small` and `-- silo: compatible-with N`", strings.TrimSpace(token.Text)))
		case made && (i > first || near(statement[:first], i)):
			small = true
		default:
			h.findings = append(h.findings, place.finding("this mark belongs to no table: write it on the line above CREATE TABLE"))
		}
	}
	return small
}

// makesTable reports whether a statement is one that a mark can belong to.
func makesTable(tokens []sqltext.Token) bool {
	return isAt(tokens, 0, "CREATE", "TABLE") || isAt(tokens, 0, "CREATE", "VIRTUAL", "TABLE") ||
		isAt(tokens, 0, "CREATE", "TEMP", "TABLE") || isAt(tokens, 0, "CREATE", "TEMPORARY", "TABLE")
}

// near reports whether only comments stand between the comment at a place and the
// statement, and nothing before it on its line: what stands there is the end of the
// statement before.
func near(blank []sqltext.Token, at int) bool {
	for _, token := range blank[at:] {
		if token.Kind == sqltext.Space && strings.Count(token.Text, "\n") > 1 {
			return false
		}
	}
	return at == 0 || strings.Contains(blank[at-1].Text, "\n") || blank[at-1].Kind == sqltext.Comment
}
