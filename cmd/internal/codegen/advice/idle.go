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
	"BUSY_TIMEOUT", "CACHE_SIZE", "JOURNAL_MODE", "JOURNAL_SIZE_LIMIT", "MMAP_SIZE", "SCHEMA_VERSION", "SYNCHRONOUS", "TEMP_STORE", "WAL_AUTOCHECKPOINT",
}

// idle finds a statement of a migration that does nothing, or that does what SQLite does
// not look after.
func (f *File) idle(statement []sqltext.Token) []Finding {
	switch {
	case isAt(statement, 0, "BEGIN"), isAt(statement, 0, "COMMIT"), isAt(statement, 0, "END"):
		return []Finding{f.at(statement[0].Pos, "%s is passed over: all pending migrations of a tenant run in one transaction: leave it out if the migration is not released yet", strings.ToUpper(statement[0].Text))}
	case len(statement) < 2 || !statement[0].Is("PRAGMA"):
		return nil
	case statement[1].Is("WRITABLE_SCHEMA") && !slices.ContainsFunc(statement[2:], isOff):
		return []Finding{f.at(statement[0].Pos, "with writable_schema SQLite takes any text for a schema: each tenant's file is checked once before the migration counts as run; a new table to which the rows are copied needs no such care")}
	case slices.ContainsFunc(settings, statement[1].Is):
		return []Finding{f.at(statement[0].Pos, "PRAGMA %s is passed over: the runtime sets connections up by itself: leave it out if the migration is not released yet", strings.ToLower(statement[1].Text))}
	}
	return nil
}

// isOff reports whether a pragma's value switches it off.
func isOff(token sqltext.Token) bool {
	return slices.ContainsFunc([]string{"0", "OFF", "FALSE", "NO", "RESET"}, token.Is)
}
