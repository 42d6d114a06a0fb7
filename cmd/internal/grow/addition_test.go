package grow

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

func TestATextIDIsWrittenByWhoeverAddsARow(t *testing.T) {
	p := newProject(t, nil)
	p.add(t, "plans", "id:text", "price_cents:int:index")
	files := p.files(t)
	for file, parts := range map[string][]string{
		"schema/00001_plans.sql": {
			"    id          TEXT     NOT NULL PRIMARY KEY CHECK (id <> ''),\n",
			"CREATE INDEX plans_by_price_cents ON plans (price_cents, id);",
		},
		"queries/plans.sql": {"INSERT INTO plans (id, price_cents)\nVALUES (@id, @price_cents)", "The first page is that after the empty", "SET price_cents = @price_cents,"},
	} {
		for _, part := range parts {
			if !strings.Contains(files[file], part) {
				t.Errorf("%s has no %q:\n%s", file, part, files[file])
			}
		}
	}
	if strings.Contains(files["queries/plans.sql"], "SET id") {
		t.Error("an update changes the ID")
	}
}

func TestATableIsStrictIfAllOthersAre(t *testing.T) {
	strictTable := "-- +goose Up\nCREATE TABLE a (id INTEGER PRIMARY KEY, price TEXT CHECK (price <> ')')) STRICT;\n\n-- +goose Down\nDROP TABLE a;\n"
	both := strings.Replace(strictTable, "STRICT;", "WITHOUT ROWID, strict;\nCREATE TABLE b (id INTEGER PRIMARY KEY);", 1) + "DROP TABLE b;\n"
	columns := []string{"done:bool", "due:time:null", "meta:json", "a_id:references=a"}
	tests := []struct{ name, migration, want string }{
		{"all strict", strictTable, ") STRICT;\n"},
		{"one is not", both, "\n);\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProject(t, map[string]string{"schema/00001_a.sql": test.migration})
			a := p.add(t, "notes", columns...)
			if text := a.Files[1].Text; !strings.Contains(text, test.want) {
				t.Errorf("no %q in\n%s", test.want, text)
			}
			if strict := test.name == "all strict"; strict != (len(a.Notes) == 5) {
				t.Errorf("notes %q", a.Notes)
			}
			if again := p.add(t, "notes", columns...); len(again.Files) != 0 {
				t.Errorf("a second run writes %v", again.Files)
			}
		})
	}
}

// What options say is compared, and what an author has added is not.
func TestATableThatIsThereIsTheOneThatWasAskedForOrAnother(t *testing.T) {
	p := newProject(t, map[string]string{"schema/00001_a.sql": `-- +goose Up
CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE notes (
    id         INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES Projects ON DELETE CASCADE,
    title      TEXT NOT NULL CHECK (title <> ''),
    slug       TEXT NOT NULL,
    mark       TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    UNIQUE (project_id, title)
);
CREATE INDEX notes_by_title ON notes (title);
CREATE UNIQUE INDEX slugs ON notes (slug);
CREATE UNIQUE INDEX marks ON notes (mark) WHERE mark <> '';

-- +goose Down
DROP TABLE notes;
DROP TABLE projects;
`})
	for _, test := range []struct{ project, title, slug, mark, want string }{
		{"references=projects:cascade", "text:index", "text:unique", "text", ""},
		{"references=projects.id:cascade", "text", "text:unique", "text", ""},
		{"references=projects", "text", "text:unique", "text", "(project_id INTEGER INDEXED REFERENCES Projects (id) ON DELETE CASCADE, and not project_id INTEGER INDEXED REFERENCES projects (id))"},
		{"int", "text", "text:unique", "text", "(project_id INTEGER REFERENCES Projects (id) ON DELETE CASCADE, and not project_id INTEGER)"},
		{"references=projects:cascade", "references=projects.name", "text:unique", "text", "(title TEXT INDEXED, and not title TEXT INDEXED REFERENCES projects (name))"},
		{"references=projects:cascade", "text:null", "text:unique", "text", "(title TEXT, and not title TEXT NULL)"},
		{"references=projects:cascade", "text:unique", "text:unique", "text", "(title TEXT, and not title TEXT UNIQUE)"},
		{"references=projects:cascade", "text", "text", "text", "(slug TEXT UNIQUE, and not slug TEXT)"},
		{"references=projects:cascade", "text", "text:unique", "text:unique", "(mark TEXT, and not mark TEXT UNIQUE)"},
		{"references=projects:cascade", "text", "text:unique", "text:index", "(mark TEXT, and not mark TEXT INDEXED)"},
	} {
		columns := []string{"project_id:" + test.project, "title:" + test.title, "slug:" + test.slug, "mark:" + test.mark}
		planned, err := p.Plan(t.Context(), Request{Table: "notes", Columns: columns, Now: noon})
		var exists *ExistsError
		switch {
		case test.want == "" && (err != nil || len(planned.Files) > 0):
			t.Errorf("%q: %+v, %v; want that it is there", columns, planned, err)
		case test.want != "" && (!errors.As(err, &exists) || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%q: %v, want one with %q", columns, err, test.want)
		}
	}
}

func TestWhatTheNotesOfAStrictTableSayIsTaken(t *testing.T) {
	p := newProject(t, map[string]string{"schema/00001_a.sql": "-- +goose Up\nCREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;\n\n-- +goose Down\nDROP TABLE a;\n"})
	a := p.add(t, "notes", "done:bool", "due:time:null", "meta:json")
	var overrides strings.Builder
	for _, note := range a.Notes {
		_, override, ok := strings.Cut(note, ": {")
		if !ok {
			t.Fatalf("a note without an override: %s", note)
		}
		overrides.WriteString("\n            - {" + override)
	}
	edited := strings.Replace(configuration, "options: {package: app,", "options:\n          overrides:"+overrides.String()+"\n          package: app\n         ", 1)
	edited = strings.NewReplacer(", migrations:", "\n          migrations:", "Migrations}", "Migrations").Replace(edited)
	files := map[string]string{"sqlc.yaml": edited}
	for name, text := range p.files(t) {
		if _, ok := files[name]; !ok && !strings.HasPrefix(name, "gen/") {
			files[name] = text
		}
	}
	q := newProject(t, files)
	if err := q.generate(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, edited)
	}
	models := q.files(t)["gen/app/models.go"]
	for _, field := range []string{"Done      bool", "Due       *time.Time", "Meta      json.RawMessage", "CreatedAt time.Time"} {
		if !strings.Contains(models, field) {
			t.Errorf("no %q in\n%s", field, models)
		}
	}
}

func TestATableRefersToItself(t *testing.T) {
	p := newProject(t, nil)
	a := p.add(t, "folders", "parent_id:references=folders:null", "name:text")
	if want := "parent_id  INTEGER  REFERENCES folders (id),"; !strings.Contains(a.Files[1].Text, want) {
		t.Errorf("no %q in\n%s", want, a.Files[1].Text)
	}
}

func TestAReferenceToWhatIsThereTwiceIsFoundBeforeAnythingIsWritten(t *testing.T) {
	p := newProject(t, nil)
	p.add(t, "notes", "title:text")
	_, err := p.Plan(t.Context(), Request{Table: "tags", Columns: []string{"title:references=notes.title"}, Now: noon})
	if err == nil || !strings.Contains(err.Error(), "table tags: ") || !strings.Contains(err.Error(), "foreign key mismatch") {
		t.Errorf("error %v", err)
	}
}

func TestTheNamesInGoAreThoseOfThePackagesOptions(t *testing.T) {
	tests := []struct{ name, option, table, want string }{
		{"a plural in y", "", "categories", "CreateCategory ListCategories"},
		{"a plural in es", "", "addresses", "CreateAddress ListAddresses"},
		{"an odd plural", "", "people", "CreatePerson ListPeople"},
		{"no plural", "", "news", "CreateNews ListNews"},
		{"a singular", "", "invoice", "CreateInvoice ListInvoice"},
		{"two words", "", "order_items", "CreateOrderItem ListOrderItems"},
		{"an initialism", "initialisms: [id, api], ", "api_keys", "CreateAPIKey ListAPIKeys"},
		{"no singulars", "emit_exact_table_names: true, ", "notes", "CreateNotes ListNotes"},
		{"a name that was chosen", "rename: {readers: Person}, ", "readers", "CreatePerson ListPerson"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProject(t, map[string]string{"sqlc.yaml": strings.Replace(configuration, "{package", "{"+test.option+"package", 1)})
			p.add(t, test.table, "a:text")
			code := p.files(t)["gen/app/"+test.table+".sql.go"]
			for _, name := range strings.Fields(test.want) {
				if !strings.Contains(code, ") "+name+"(ctx") {
					t.Errorf("there is no method %s:\n%s", name, code)
				}
			}
		})
	}
}

func TestATableThatWouldTakeANameOfEachPackageIsRefused(t *testing.T) {
	p := newProject(t, nil)
	for _, table := range []string{"stores", "schemas", "queries", "readers", "handles", "db", "tx"} {
		_, err := p.Plan(t.Context(), Request{Table: table, Columns: []string{"a:text"}, Now: noon})
		var spec *SpecError
		model := map[string]bool{"queries": true, "db": true, "tx": true}[table]
		if err == nil && model {
			continue // the row's name is another: Query, Db, Tx
		}
		if !errors.As(err, &spec) || !strings.Contains(err.Error(), "rename: {"+table+": SomeName}") {
			t.Errorf("%s: %v", table, err)
		}
	}
}

// Each keyword of SQLite's is a table and a column, and what is written of them is what SQLite and
// the generator take.
func TestKeywordsAreNames(t *testing.T) {
	keywords := strings.Fields(`abort add after all alter always analyze and as asc attach autoincrement before begin between by cascade case
		cast check collate column commit conflict constraint create cross current current_date current_time default deferrable
		delete desc detach distinct do drop each else end escape except exclude exclusive exists explain fail filter first following
		for foreign from full generated glob group groups having if ignore immediate in index indexed initially inner insert instead
		intersect into is isnull join key last left like limit match materialized natural no not nothing notnull null nulls of offset
		on or order others outer over partition plan pragma preceding primary query raise range recursive references regexp reindex
		release rename replace restrict returning right rollback row rows savepoint select set table temp temporary then ties to
		transaction trigger unbounded union unique update using vacuum values view virtual when where window with without
		type func package map go interface string int error nil true false`)
	p := newProject(t, nil)
	var columns []string
	for _, word := range keywords {
		columns = append(columns, word+":int:null")
		a, err := p.Plan(t.Context(), Request{Table: word, Columns: []string{word + ":text:unique", "other:int:index"}, Now: noon})
		if err != nil || len(a.Files) != 2 {
			t.Errorf("table %s: %v", word, err)
		}
	}
	p.add(t, "words", columns...)
	for _, table := range []string{"order", "select", "values", "func"} {
		p.add(t, table, "order:text:index", "group:references="+table+":null", "table:text:unique")
	}
}

func TestColumnsCalledAsParametersOrAsRowsNumbersAreRefused(t *testing.T) {
	p := newProject(t, nil)
	for _, column := range []string{"max_rows", "after_id", "rowid", "oid", "_rowid_"} {
		_, err := p.Plan(t.Context(), Request{Table: "notes", Columns: []string{column + ":text:index"}, Now: noon})
		var spec *SpecError
		if !errors.As(err, &spec) {
			t.Errorf("%s: %v", column, err)
		}
	}
}

func TestColumnsOfOneNameInGoAreRefused(t *testing.T) {
	p := newProject(t, nil)
	for _, columns := range [][]string{{"i_d:time:null"}, {"a_1:int", "a1:int"}} {
		_, err := p.Plan(t.Context(), Request{Table: "notes", Columns: columns, Now: noon})
		var spec *SpecError
		if !errors.As(err, &spec) || !strings.Contains(err.Error(), "in Go: choose another name") {
			t.Errorf("%q: %v", columns, err)
		}
	}
}

func TestASchemaThatIsWrongIsToldOfWithItsPlace(t *testing.T) {
	p := newProject(t, map[string]string{"schema/00001_a.sql": "-- +goose Up\nCREATE TABEL a (id INTEGER);\n"})
	_, err := p.Plan(t.Context(), Request{Table: "notes", Columns: []string{"a:text"}, Now: noon})
	var found *problem.Found
	if !errors.As(err, &found) || found.Problems[0].Place() != "schema/00001_a.sql:2" {
		t.Errorf("error %v", err)
	}
}

// Whatever table is asked for: it is added and the project can be generated strictly, or it
// is refused and no file has changed; and asked for again, nothing is done.
func TestATableIsAddedAsAWholeOrNotAtAll(t *testing.T) {
	word := rapid.StringMatching(`[a-z]{1,6}(_[a-z0-9]{1,4})?`)
	rapid.Check(t, func(r *rapid.T) {
		p := newProject(t, nil)
		tables := []string{}
		for range rapid.IntRange(1, 3).Draw(r, "tables") {
			table := word.Draw(r, "table")
			var columns []string
			for range rapid.IntRange(1, 6).Draw(r, "columns") {
				typ := rapid.SampledFrom(kinds).Draw(r, "type")
				if typ == string(references) {
					typ += "=" + rapid.SampledFrom(append(tables, table)).Draw(r, "of")
				}
				column := word.Draw(r, "column") + ":" + typ
				for range rapid.IntRange(0, 2).Draw(r, "options") {
					column += ":" + rapid.SampledFrom(options).Draw(r, "option")
				}
				columns = append(columns, column)
			}
			before := p.files(t)
			a, err := p.Plan(t.Context(), Request{Table: table, Columns: columns, Now: noon})
			if err == nil && len(a.Files) > 0 {
				err = a.Write(t.Context(), p.generate)
			}
			if err != nil {
				if !maps.Equal(before, p.files(t)) {
					r.Fatalf("%s %q: %v, and files have changed", table, columns, err)
				}
				var undone *UndoneError
				if errors.As(err, &undone) {
					r.Fatalf("%s %q: only generating found that %v", table, columns, err)
				}
				continue
			}
			tables = append(tables, table)
			if err := p.generate(t.Context()); err != nil {
				r.Fatalf("%s %q: %v", table, columns, err)
			}
			again, err := p.Plan(t.Context(), Request{Table: table, Columns: columns, Now: noon})
			if err != nil || len(again.Files) != 0 {
				r.Fatalf("%s %q again: %v, %v", table, columns, again, err)
			}
		}
	})
}
