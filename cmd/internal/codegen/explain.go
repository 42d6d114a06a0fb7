package codegen

import (
	"regexp"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/config"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/internal/nearest"
)

// What SQLite says of names that it does not know; there is no code for these.
const (
	noTable  = "no such table: "
	noColumn = "no such column: "
)

// columnNamed matches what SQLite says of a column that is inserted into and not there.
var columnNamed = regexp.MustCompile(`^table (\S+) has no column named (\S+)$`)

// ofCatalog matches what is said of a table of Silo's catalog: that it is not written, or
// not there. What a file is, and which migrations have run on it, are others.
var ofCatalog = regexp.MustCompile(`^(the table|no such table:) (main\.)?silo_(tenants|tenant_labels|aliases|audit|changes)\b`)

// explained adds to a message of SQLite the name that was probably meant.
func (c *checker) explained(q *sqltext.Query, pos int, message string) string {
	if advice := dialect(q, pos, message); advice != "" {
		return message + ": " + advice
	}
	if named := columnNamed.FindStringSubmatch(message); named != nil {
		var columns []string
		found, _ := c.catalog.Table(named[1])
		for _, column := range found {
			columns = append(columns, column.Name)
		}
		return message + meantOr(named[2], columns, "")
	}
	switch {
	case !ofCatalog.MatchString(message):
	case c.kind == config.Tenant:
		return message + ": the tables of Silo's catalog are in the global database: ask them in a block of kind global"
	default:
		return message + ": tenants, aliases and the audit record are changed by package tenantdb/catalog"
	}
	if wrong, ok := strings.CutPrefix(message, noTable); ok {
		wrong = strings.TrimPrefix(strings.TrimPrefix(wrong, "main."), "temp.")
		if block := c.elsewhere[strings.ToLower(wrong)]; block != "" {
			return message + ": it is a table of " + block + ", which is another database: ask each by itself"
		}
		if c.temporary[strings.ToLower(wrong)] {
			return message + ": the migrations make it TEMP, so that it is gone when they have run: leave TEMP out, or write WITH in the query"
		}
		return message + meantOr(wrong, c.tables, "")
	}
	if wrong, ok := strings.CutPrefix(message, noColumn); ok {
		table, name, qualified := strings.Cut(wrong, ".")
		if !qualified {
			name = wrong
		} else if alias := calledOtherwise(q, table); alias != "" {
			return message + ": FROM calls " + table + " " + alias + ": write " + alias + "." + name
		}
		var columns []string
		for _, table := range c.tables {
			found, _ := c.catalog.Table(table)
			for _, column := range found {
				columns = append(columns, column.Name)
			}
		}
		return message + meantOr(name, columns, "")
	}
	return message
}

// namedByMessage matches what messages of SQLite that tell no place are about.
var namedByMessage = regexp.MustCompile(`(?:table:?|modify|column|named) "?(?:main\.)?([^\s"]+)"?`)

// namedIn returns the place of what a message names last in a query, or of the query.
func namedIn(q *sqltext.Query, message string) int {
	for _, found := range slices.Backward(namedByMessage.FindAllStringSubmatch(message, -1)) {
		for _, token := range q.Tokens {
			if token.Kind == sqltext.Ident && token.Name == found[1] {
				return token.Pos
			}
		}
	}
	return q.Pos
}

// meantOr proposes a name, or ends a message as given.
func meantOr(wrong string, known []string, otherwise string) string {
	if name := nearest.Name(wrong, known); name != "" && name != wrong {
		return ": did you mean " + name + "?"
	}
	return otherwise
}
