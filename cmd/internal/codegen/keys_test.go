package codegen

import "testing"

func TestColumnsOfAPrimaryKeyAreNeverNULLInGo(t *testing.T) {
	c := catalogOf(t, `
		CREATE TABLE users (id TEXT PRIMARY KEY, "key" TEXT);
		CREATE TABLE logs (id INTEGER PRIMARY KEY DESC, note TEXT CHECK (note <> 'PRIMARY KEY'), kind TEXT);
		CREATE TABLE links ('from' TEXT, "t o" TEXT COLLATE NOCASE, note TEXT, CONSTRAINT pk PRIMARY KEY ("FROM" COLLATE NOCASE DESC, [t o]));
		CREATE TABLE copies AS SELECT * FROM users;
		CREATE TABLE tags (tag VARCHAR(20) COLLATE NOCASE CONSTRAINT named PRIMARY KEY ON CONFLICT IGNORE, "primary" TEXT);
		CREATE VIEW names AS SELECT u.id, l."from" AS origin FROM users AS u LEFT JOIN links AS l ON l."t o" = u.id;
		ALTER TABLE tags RENAME COLUMN tag TO label;`)
	for table, want := range map[string]string{
		"users": "id! key", "logs": "id! note kind", "links": "from! t o! note", "copies": "id key", "tags": "label! primary", "names": "id! origin",
	} {
		columns, _ := c.Table(table)
		got := ""
		for i, column := range columns {
			if i > 0 {
				got += " "
			}
			got += column.Name
			if !column.Nullable {
				got += "!"
			}
		}
		if got != want {
			t.Errorf("%s: the columns are %q, not %q", table, got, want)
		}
	}
}
