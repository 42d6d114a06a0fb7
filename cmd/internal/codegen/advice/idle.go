package advice

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// noTransaction finds the annotation that means nothing here.
func (f *File) noTransaction() []Finding {
	for _, token := range sqltext.Scan(f.Text) {
		if token.Kind == sqltext.Comment && strings.TrimSpace(token.Text) == "-- +goose NO TRANSACTION" {
			return []Finding{f.at(token.Pos, "NO TRANSACTION is passed over: all pending migrations of a tenant run in one transaction, and what cannot, such as VACUUM, fails: leave the annotation out if it is not released yet")}
		}
	}
	return nil
}

// settings are the pragmas of connections, which the runtime sets up by itself.
var settings = []string{
	"busy_timeout", "cache_size", "journal_mode", "journal_size_limit", "mmap_size", "schema_version", "synchronous", "temp_store", "wal_autocheckpoint",
}

// idle finds a statement of a migration that does nothing, or that does what SQLite does
// not look after.
func (f *File) idle(statement []sqltext.Token) []Finding {
	switch {
	case isAt(statement, 0, "BEGIN"), isAt(statement, 0, "COMMIT"), isAt(statement, 0, "END"):
		return []Finding{f.at(statement[0].Pos, "%s is passed over: all pending migrations of a tenant run in one transaction: leave it out if the migration is not released yet", strings.ToUpper(statement[0].Text))}
	case len(statement) < 2 || !statement[0].Is("PRAGMA"):
		return nil
	}
	switch pragma, value := pragma(statement); {
	case value == "": // asked for, not set
	case pragma == "writable_schema" && !slices.Contains(off, value):
		return []Finding{f.at(statement[0].Pos, "with writable_schema nothing but CHECK, NOT NULL and REFERENCES of tables can be changed, and each tenant's file is checked whole before the migration counts as run: a new table to which the rows are copied needs no such care")}
	case slices.Contains(settings, pragma):
		return []Finding{f.at(statement[0].Pos, "PRAGMA %s is passed over: the runtime sets connections up by itself: leave it out if the migration is not released yet", pragma)}
	}
	return nil
}

// off are the values that switch a pragma off.
var off = []string{"0", "off", "false", "no", "reset"}

// pragma returns the name of a pragma and the value it is set to, in lower case.
func pragma(statement []sqltext.Token) (name, value string) {
	rest := statement[1:]
	if isAt(rest, 1, ".") && len(rest) > 2 {
		rest = rest[2:]
	}
	name = nameOf(rest[0])
	for _, token := range rest[1:] {
		switch token.Kind {
		case sqltext.Ident, sqltext.String:
			value = nameOf(token)
		case sqltext.Number:
			value = token.Text
		}
	}
	return name, value
}
