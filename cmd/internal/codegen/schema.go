package codegen

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing/fstest"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// migration is a file of the schema as goose runs it.
type migration struct {
	source
	staged string // the file's name where goose reads it
	file   string // the file's own text
	lines  []int  // for each line of text the line of the file; nil when they are the same
}

// line returns the line of the file that a line of the migration is.
func (m *migration) line(line int) int {
	if m.lines == nil || line < 1 {
		return line
	}
	return m.lines[min(line, len(m.lines))-1]
}

// loadSchema reads the migrations. Files that are none of goose's are made into some
// for the time of generating, so that the queries of a project that comes from
// elsewhere can be checked; the runtime needs goose's.
func (b *block) loadSchema(root, file string, problems *problem.List) {
	var sources []source
	before := problems.Len()
	for i, pattern := range b.Schema {
		names, err := sqlFiles(root, pattern)
		if err != nil {
			problems.AddAt(file, b.SchemaAt[i].Line, b.SchemaAt[i].Column, "schema: %v", err)
		}
		for _, name := range names {
			if !slices.ContainsFunc(sources, func(s source) bool { return s.path == name }) {
				sources = append(sources, read(root, name, problems))
			}
		}
	}
	if problems.Len() > before || len(b.Schema) == 0 {
		return
	}
	if len(sources) == 0 {
		problems.AddAt(file, b.SchemaAt[0].Line, b.SchemaAt[0].Column, "schema: there is no .sql file in %s: write a goose migration such as %s/00001_first.sql", b.place(), b.Schema[0])
		return
	}
	for _, s := range sources {
		s.misspelt(problems)
	}
	if problems.Len() > before {
		return
	}
	if slices.ContainsFunc(sources, source.isGoose) {
		for _, s := range sources {
			s.unmarked(problems)
		}
		if problems.Len() == before {
			b.gooseSchema(sources)
		}
		return
	}
	b.foreignSchema(sources, problems)
}

// madeAt returns where the migrations give a table or view its name at last.
func (b *block) madeAt(name string) (file string, line int) {
	for _, m := range slices.Backward(b.migrations) {
		var before sqltext.Token
		for _, token := range sqltext.Scan(m.text) {
			if token.Blank() {
				continue
			}
			named := before.Is("TABLE") || before.Is("VIEW") || before.Is("EXISTS") || before.Is("TO")
			if named && strings.EqualFold(token.Name, name) {
				return m.path, m.line(1 + strings.Count(m.text[:token.Pos], "\n"))
			}
			before = token
		}
	}
	return b.place(), 0
}

// temporary returns the names, in small letters, of the tables and views that migrations make
// for as long as they run.
func (b *block) temporary() map[string]bool {
	names := map[string]bool{}
	for _, m := range b.migrations {
		for _, statement := range sqltext.Statements(sqltext.Scan(m.text)) {
			words := sqltext.Significant(statement)
			if len(words) < 4 || !words[0].Is("CREATE") || !words[1].Is("TEMP") && !words[1].Is("TEMPORARY") {
				continue
			}
			at := 3
			if words[at].Is("IF") {
				at += 3 // IF NOT EXISTS
			}
			if at+2 < len(words) && words[at+1].Is(".") {
				at += 2
			}
			if at < len(words) {
				names[strings.ToLower(words[at].Name)] = true
			}
		}
	}
	return names
}

// folder returns the migrations as goose reads them.
func (b *block) folder() fs.FS {
	files := fstest.MapFS{}
	for _, m := range b.migrations {
		files[m.staged] = &fstest.MapFile{Data: []byte(m.text), Mode: 0o444}
	}
	return files
}

// gooseSchema takes goose migrations in goose's order.
func (b *block) gooseSchema(sources []source) {
	slices.SortStableFunc(sources, func(x, y source) int {
		return cmp.Or(cmp.Compare(version(x.path), version(y.path)), cmp.Compare(x.path, y.path))
	})
	for _, s := range sources {
		b.migrations = append(b.migrations, migration{source: s, file: s.text, staged: path.Base(s.path)})
	}
}

// version is the number by which goose orders a migration.
func version(file string) int64 {
	digits, _, _ := strings.Cut(path.Base(file), "_")
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return number
}

// foreignSchema makes goose migrations of other tools' and of plain files.
func (b *block) foreignSchema(sources []source, problems *problem.List) {
	b.foreign = true
	virtual := map[string]string{}
	for _, s := range sources {
		virtualTables(upPart(s.text), virtual)
	}
	for _, s := range sources {
		if strings.HasSuffix(s.path, ".down.sql") { // golang-migrate's
			continue
		}
		m := migration{source: s, file: s.text, staged: fmt.Sprintf("%05d_%s", len(b.migrations)+1, path.Base(s.path))}
		m.text, m.lines = gooseMigration(upPart(s.text), virtual)
		b.migrations = append(b.migrations, m)
	}
	first := b.migrations[0].path
	if of, ok := strings.CutSuffix(first, ".up.sql"); ok {
		problems.Warn(first, 1, "these are migrations of golang-migrate, so they are only good to check queries with, and a program that opens its files is refused: make one file of each two, such as %s.sql: %q, what %s.up.sql has, %q, what %s.down.sql has",
			of, "-- +goose Up", path.Base(of), "-- +goose Down", path.Base(of))
		return
	}
	problems.Warn(first, 1, "this is no goose migration, so it is only good to check queries with, and a program that opens its files is refused: write %q on the first line, and call the file %s/00001_first.sql",
		"-- +goose Up", path.Dir(first))
}

var (
	foreignUp   = regexp.MustCompile(`(?i)^\s*--\s*(migrate:up|\+migrate\s+up)\b`)
	foreignDown = regexp.MustCompile(`(?i)^\s*(--\s*(migrate:down|\+migrate\s+down)\b|---- create above / drop below ----)`)
)

// upPart blanks the lines of a file of dbmate, sql-migrate or tern that undo it.
func upPart(text string) string {
	var kept strings.Builder
	down := false
	for line := range strings.Lines(strings.TrimPrefix(text, byteOrderMark)) {
		switch {
		case foreignUp.MatchString(line):
			down = false
		case foreignDown.MatchString(line):
			down = true
		}
		if down {
			kept.WriteByte('\n')
		} else {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// gooseMigration writes the statements of a file that make the schema as a migration,
// and returns the line of the file that each of its lines is. virtual are the virtual
// tables of the whole schema.
func gooseMigration(text string, virtual map[string]string) (written string, lines []int) {
	var out strings.Builder
	out.WriteString("-- +goose Up\n")
	lines = append(lines, 1)
	tokens := sqltext.Scan(text)
	for _, statement := range sqltext.Statements(tokens) {
		first := slices.IndexFunc(statement, func(t sqltext.Token) bool { return !t.Blank() })
		if first < 0 || !makesSchema(statement[first:], sqltext.Named(statement[:first]), virtual) {
			continue
		}
		at := 1 + strings.Count(text[:statement[first].Pos], "\n")
		out.WriteString("-- +goose StatementBegin\n")
		lines = append(lines, at)
		for _, token := range statement[first:] {
			if token.Kind != sqltext.Comment || !strings.Contains(token.Text, "+goose") {
				out.WriteString(token.Text)
			}
		}
		out.WriteString("\n;\n-- +goose StatementEnd\n")
		for range strings.Count(out.String(), "\n") - len(lines) {
			lines = append(lines, at)
			at++
		}
	}
	return out.String(), lines
}

// makesSchema reports whether a statement of a plain schema makes tables or rows.
// Others, such as PRAGMA and BEGIN, are for the tool that runs the file; tables whose
// names are SQLite's own are there already, as are those within virtual tables, which
// dumps repeat, and those of attached databases never are. A statement that is named as a
// query makes no rows, but its tables are the schema's to sqlc, too.
func makesSchema(statement []sqltext.Token, named bool, virtual map[string]string) bool {
	words := sqltext.Significant(statement)
	if shadowed(statementTable(words), virtual) != "" {
		return false
	}
	switch verb := strings.ToUpper(words[0].Text); verb {
	case "CREATE", "ALTER", "DROP":
		if inOtherDatabase(words) {
			return false
		}
		return !slices.ContainsFunc(words[:min(len(words), 8)], func(t sqltext.Token) bool {
			return t.Kind == sqltext.Ident && strings.HasPrefix(strings.ToLower(t.Name), "sqlite_")
		})
	case "INSERT", "UPDATE", "DELETE", "REPLACE":
		return !named && !slices.ContainsFunc(words, func(t sqltext.Token) bool { return t.Kind == sqltext.Variable || t.Is("SQLC") })
	default:
		return false
	}
}

// inOtherDatabase reports whether a CREATE, ALTER or DROP names a database other than
// the file itself.
func inOtherDatabase(words []sqltext.Token) bool {
	for i, word := range words {
		switch {
		case word.Is("("), word.Is("ON"), word.Is("AS"):
			return false
		case word.Is(".") && i > 0:
			name := strings.ToLower(words[i-1].Name)
			return name != "main" && name != "temp"
		}
	}
	return false
}
