package corpus

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// migration is a schema file as a goose migration.
type migration struct {
	name, text string
}

// migrations makes goose migrations of a unit's schema files, in sqlc's order. Each
// statement is marked as one, so that goose need not find its end. What is goose's
// already is taken as it is: Silo itself has to handle it.
func (u *Unit) migrations() []migration {
	if all := u.gooseMigrations(); all != nil {
		return all
	}
	var all []migration
	for n, file := range u.schema {
		var text strings.Builder
		text.WriteString("-- +goose Up\n")
		kept := 0
		for _, s := range statements(onlyUp(file.text)) {
			sql := strings.TrimSpace(tidy(join(s.tokens)))
			if s.empty() || s.name != "" && !s.definesSchema() {
				continue
			}
			why := unfit(s)
			if name := u.madeWithin(s); name != "" {
				why = name + " makes it itself"
			}
			if why != "" {
				u.note("%s: left out %s: %s", file.path, strings.Join(s.words(3), " "), why)
				continue
			}
			fmt.Fprintf(&text, "-- +goose StatementBegin\n%s;\n-- +goose StatementEnd\n", strings.TrimLeft(sql, "; \n\t"))
			kept++
		}
		if kept > 0 {
			all = append(all, migration{name: fmt.Sprintf("%05d_schema.sql", n+1), text: text.String()})
		}
	}
	return all
}

// shadowTable matches the names of the tables in which virtual tables keep their rows.
var shadowTable = regexp.MustCompile(`^(.+)_(NODE|PARENT|ROWID|DATA|IDX|CONTENT|DOCSIZE|CONFIG|SEGMENTS|SEGDIR|STAT)$`)

// madeWithin returns the virtual table of the unit for which a statement repeats a table
// that it makes itself, as SQLite's dumps do, or "".
func (u *Unit) madeWithin(s statement) string {
	words := s.words(6)
	if len(words) < 3 || words[0] != "CREATE" || words[1] != "TABLE" {
		return ""
	}
	parts := shadowTable.FindStringSubmatch(words[len(words)-1])
	if parts == nil {
		return ""
	}
	for _, file := range u.schema {
		for _, other := range file.statements {
			if words := other.words(7); len(words) > 3 && words[1] == "VIRTUAL" && slices.Contains(words, parts[1]) {
				return parts[1]
			}
		}
	}
	return ""
}

// gooseUp is the annotation in the one form that goose and sqlc both read.
var gooseUp = regexp.MustCompile(`(?m)^-- \+goose Up\s*$`)

// gooseMigrations returns the schema's files when all of them are goose's.
func (u *Unit) gooseMigrations() []migration {
	var all []migration
	names := map[string]bool{}
	for _, file := range u.schema {
		name := path.Base(file.path)
		if !gooseUp.MatchString(file.text) || names[name] {
			return nil
		}
		names[name] = true
		all = append(all, migration{name: name, text: file.text})
	}
	return all
}

func (u *Unit) note(format string, args ...any) {
	u.Notes = append(u.Notes, fmt.Sprintf(format, args...))
}

// rollbackLine begins what undoes a migration, for goose, sql-migrate, dbmate and tern.
var rollbackLine = regexp.MustCompile(`(?i)^\s*--\s*(?:\+goose\s+down|\+migrate\s+down|migrate:down)\b|^---- create above / drop below ----`)

// psqlCommand is a line that pg_dump writes and sqlc takes out.
var psqlCommand = regexp.MustCompile(`^\\[A-Za-z!?;]`)

// onlyUp returns a migration of any tool without what undoes it.
func onlyUp(text string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if rollbackLine.MatchString(line) {
			break
		}
		if !psqlCommand.MatchString(line) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// toolLine is a comment that a migration tool reads.
var toolLine = regexp.MustCompile(`(?i)^\s*--\s*(?:\+goose|\+migrate|migrate:|atlas:)`)

// tidy takes out the comments that migration tools read.
func tidy(text string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !toolLine.MatchString(line) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// unfit says why a statement of a schema is none of a migration of Silo's. These are
// statements that sqlc passes over too.
func unfit(s statement) string {
	words := s.words(6)
	if len(words) == 0 {
		return ""
	}
	switch words[0] {
	case "PRAGMA", "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "VACUUM", "ATTACH", "DETACH", "ANALYZE":
		return "it is about the connection, which is the runtime's"
	case "CREATE":
		if other := otherDatabase(s); other != "" {
			return "it is in the database " + other + ", which a tenant's connection never reaches"
		}
		for i, word := range words {
			if word == "TABLE" && i+1 < len(words) {
				name := words[len(words)-1]
				for _, w := range words[i+1:] {
					if w != "IF" && w != "NOT" && w != "EXISTS" {
						name = w
						break
					}
				}
				if strings.HasPrefix(name, "SQLITE_") {
					return "the table is SQLite's own, and was declared for sqlc alone"
				}
			}
		}
	}
	return ""
}

// otherDatabase returns the name of the attached database that a CREATE is for, or "".
func otherDatabase(s statement) string {
	last := ""
	for _, t := range s.tokens {
		switch {
		case t.text == "(" || strings.EqualFold(t.text, "ON") || strings.EqualFold(t.text, "AS"):
			return ""
		case t.text == "." && !strings.EqualFold(last, "main") && !strings.EqualFold(last, "temp"):
			return last
		case strings.TrimSpace(t.text) != "":
			last = unquoted(t)
		}
	}
	return ""
}
