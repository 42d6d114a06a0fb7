package codegen

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// catalogOf returns the catalog of a schema that one migration makes.
func catalogOf(t *testing.T, schema string) *catalog {
	t.Helper()
	text := "-- +goose Up\n" + schema
	db, err := sqlcheck.Open(t.Context(), fstest.MapFS{"00001_first.sql": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	objects, err := db.Objects()
	if err != nil {
		t.Fatal(err)
	}
	return newCatalog(db, objects)
}

func TestAViewFollowsItsTableThroughARename(t *testing.T) {
	c := catalogOf(t, `
		CREATE TABLE old (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
		CREATE VIEW names AS SELECT name, count(*) AS n FROM old GROUP BY name;
		ALTER TABLE old RENAME TO new;
		ALTER TABLE new RENAME COLUMN name TO title;`)
	columns, ok := c.Table("names")
	if !ok || len(columns) != 2 || columns[0].Type != infer.Text || columns[0].Nullable || columns[1].Type != infer.Integer {
		t.Errorf("found %v: %+v", ok, columns)
	}
}

func TestTheCatalogKnowsWhatSQLiteDoesNotSay(t *testing.T) {
	c := catalogOf(t, `
		CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, size INT, twice INT AS (size * 2), meta JSON);
		CREATE TABLE codes (code TEXT PRIMARY KEY, odd STRING) WITHOUT ROWID;
		CREATE VIEW big AS SELECT i.id, upper(i.name) AS name, c.code, count(*) AS n FROM items AS i LEFT JOIN codes AS c ON c.code = i.name GROUP BY i.id;
		CREATE VIEW gone AS SELECT 1 AS x;
		DROP VIEW gone;
		CREATE VIEW gone AS SELECT 'now' AS x;
		CREATE VIRTUAL TABLE words USING fts5(title, body);
		CREATE VIRTUAL TABLE over USING fts5(name, size, content='items', content_rowid='id');
		CREATE VIRTUAL TABLE terms USING fts5vocab('words', 'row');
		CREATE VIRTUAL TABLE boxes USING rtree(id, low, high);`)
	for table, want := range map[string]string{
		"ITEMS": "id INTEGER, name TEXT, size INTEGER?, twice INTEGER? generated, meta JSON?; rowid _rowid_ oid",
		"codes": "code TEXT, odd unknown?; ",
		"big":   "id INTEGER, name TEXT, code TEXT?, n INTEGER; ",
		"gone":  "x TEXT; ",
		"words": "title TEXT?, body TEXT?; words rank rowid _rowid_ oid",
		"over":  "name TEXT?, size INTEGER?; over rank rowid _rowid_ oid",
		"terms": "term TEXT?, doc INTEGER?, cnt INTEGER?; rowid _rowid_ oid",
		"boxes": "id INTEGER?, low REAL?, high REAL?; rowid _rowid_ oid",
	} {
		columns, ok := c.Table(table)
		if !ok {
			t.Errorf("%s is not found", table)
			continue
		}
		var got, hidden []string
		for _, column := range columns {
			text := column.Name + " " + column.Type.String()
			if column.Nullable {
				text += "?"
			}
			if column.Generated {
				text += " generated"
			}
			got = append(got, text)
			if (column.Type == infer.Unknown) != (column.Why != "") {
				t.Errorf("%s.%s of type %s has the reason %q", table, column.Name, column.Type, column.Why)
			}
		}
		for _, column := range c.Hidden(table) {
			hidden = append(hidden, column.Name)
		}
		if diff := cmp.Diff(want, strings.Join(got, ", ")+"; "+strings.Join(hidden, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", table, diff)
		}
	}
}

func TestAViewKnowsTheTablesItsColumnsAreReadFrom(t *testing.T) {
	c := catalogOf(t, `
		CREATE TABLE items (id INTEGER PRIMARY KEY, at DATETIME NOT NULL);
		CREATE VIEW latest (number, moment) AS SELECT id, max(at) FROM items;
		CREATE VIEW upon AS SELECT number AS n FROM latest;`)
	columns, ok := c.Table("upon")
	want := []infer.Column{{Name: "n", Type: infer.Integer, Nullable: true, Source: infer.Source{Table: "items", Column: "id", Declared: "INTEGER"}}}
	if diff := cmp.Diff(want, columns); !ok || diff != "" {
		t.Errorf("found %t (-want +got):\n%s", ok, diff)
	}
}

func TestATableThatWasMadeAnewIsNotTakenForTheOneOfAView(t *testing.T) {
	c := catalogOf(t, `
		CREATE TABLE items (id INTEGER PRIMARY KEY, size INTEGER NOT NULL);
		CREATE VIEW sizes AS SELECT id, size FROM items;
		ALTER TABLE items RENAME TO old_items;
		CREATE TABLE items (id INTEGER PRIMARY KEY, size TEXT NOT NULL);`)
	columns, ok := c.Table("sizes")
	if !ok || len(columns) != 2 || columns[1].Type == infer.Text {
		t.Errorf("found %t: %v", ok, columns)
	}
}
