package advice

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// Quoted finds the strings in double quotes in migrations. SQLite takes what stands in
// them for a string where there is no such column, and says so only on a database that
// does not (https://www.sqlite.org/quirks.html#dblquote). run runs a statement on one.
func Quoted(files []File, run func(sql string) error) []Finding {
	var found []Finding
	for i := range files {
		file := &files[i]
		for _, statement := range sqltext.Statements(file.upTokens()) {
			found = append(found, file.quoted(sqltext.Significant(statement), run)...)
		}
	}
	return found
}

// HasQuoted reports whether a migration has anything in double quotes.
func HasQuoted(files []File) bool {
	for i := range files {
		if strings.Contains(files[i].Text, `"`) {
			return true
		}
	}
	return false
}

// noColumn is SQLite's word for a string in double quotes.
var noColumn = regexp.MustCompile(`^no such column: "(.*)" - should this be a string literal in single-quotes\?$`)

// Misquoted returns the string in double quotes that a message of SQLite is about.
func Misquoted(message string) (text string, ok bool) {
	parts := noColumn.FindStringSubmatch(message)
	if parts == nil {
		return "", false
	}
	return parts[1], true
}

// quoted runs a statement, each time with one more of its strings in single quotes, until
// SQLite takes it or says something else of it, which is told elsewhere.
func (f *File) quoted(statement []sqltext.Token, run func(sql string) error) (found []Finding) {
	defer func() { slices.SortFunc(found, byPlace) }()
	written := make([]string, len(statement))
	for i, token := range statement {
		written[i] = token.Text
	}
	for len(statement) > 0 {
		var refused *sqlcheck.Error
		if !errors.As(run(strings.Join(written, " ")), &refused) {
			return found
		}
		text, ok := Misquoted(refused.Message)
		if !ok {
			return found
		}
		at := misquoted(statement, written, text, refused.Offset)
		if at < 0 {
			return found
		}
		written[at] = sqltext.Literal(text)
		found = append(found, f.at(statement[at].Pos, "%s is a string here only because no column is called so: write %s", statement[at].Text, written[at]))
	}
	return found
}

// misquoted returns the place of the token that SQLite means: the one at the offset in
// what was written, where it tells, or else the first in double quotes of that name.
func misquoted(statement []sqltext.Token, written []string, name string, offset int) int {
	first, pos := -1, 0
	for i, token := range statement {
		if strings.HasPrefix(written[i], `"`) && token.Name == name {
			if pos == offset {
				return i
			}
			if first < 0 {
				first = i
			}
		}
		pos += len(written[i]) + 1
	}
	return first
}
