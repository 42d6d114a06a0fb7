package migrate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing/fstest"

	"pgregory.net/rapid"
)

// drawnSet is a folder of migrations.
type drawnSet struct {
	files   fstest.MapFS
	fails   map[string]int // the lines that fail first, if they are come to: of each file's Up, and of its Down behind a space
	refused bool           // there is something in it that goose would run and Silo must not
}

// piece is what a migration does and how it is undone, with § for a number of its own. What
// fails is on the line with nowhere in it.
type piece struct{ up, down string }

var pieces = []piece{
	{"CREATE TABLE t§ (\n  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key; no more\n\n  x TEXT NOT NULL DEFAULT 'a;.\n-- no comment\n;b', /* a;b */ y\n);\nINSERT INTO t§ (y) VALUES (1), (NULL), (x'00');", "DROP TABLE t§;"},
	{"CREATE TABLE t§ (x); INSERT INTO t§ VALUES (1); INSERT INTO t§ SELECT x + 1 FROM t§; -- three", "DROP TABLE t§; SELECT 1; -- and; more"},
	{"INSERT INTO log (a, b) VALUES ('§;', 'it''s; \"quoted\" `; -- [');", "DELETE FROM log WHERE a = '§;';"},
	{"INSERT INTO log (a, b) VALUES ('§ ü 漢字 🐘 \u2028 e\u0301',\n\t'  \t\n   \n');", "DELETE FROM log WHERE a LIKE '§ ü%'\n;"},
	{"-- +goose StatementBegin\nCREATE TRIGGER g§ AFTER INSERT ON log BEGIN\n  UPDATE log SET b = '§;' WHERE a = NEW.a;\n  SELECT 1;\nEND;\n-- +goose StatementEnd", "DROP TRIGGER g§;"},
	{"-- +goose StatementBegin\nCREATE TABLE t§ (a, b, UNIQUE (a, b));\n\n-- between;\nINSERT INTO t§ VALUES (1, '§;\n'); INSERT INTO t§ VALUES (2, '§')\n-- +goose StatementEnd",
		"-- +goose StatementBegin\nDELETE FROM t§;\nDROP TABLE t§;\n-- +goose StatementEnd"},
	{"CREATE VIEW v§ AS\n-- a comment; within\nSELECT a, ';' AS \";\" FROM log;", "DROP VIEW v§;"},
	{"/* before; it\n */ CREATE INDEX i§ ON log (a) WHERE b <> ';';", "/* a */ DROP INDEX /* ; */ i§;"},
	{"/* never ended;", ";"},
	{";\n;; ;\nSELECT a FROM log; ; SELECT b FROM log;", ";"},
	{"INSERT INTO log (a, b) VALUES ('§', 'r') RETURNING a,\nb;", "DELETE FROM log WHERE a = '§' RETURNING *;"},
	{"-- +goose NO TRANSACTION\nUPDATE log SET b = b || '§';", "UPDATE log SET b = replace(b, '§', '');"},
	{"-- +goose StatementBegin\n-- a comment alone is none\n/* but this is */\n-- +goose StatementEnd", "/* nothing\n; */ ;"},
	{"ALTER TABLE log ADD COLUMN c§ DEFAULT '§;';\nUPDATE log SET c§ = ';';", "ALTER TABLE log DROP COLUMN c§;"},
	{"CREATE TABLE \"t;§\" (\"a;\" REFERENCES nobody,\n[b--] DEFAULT ';');", "DROP TABLE [t;§];"},
	{"CREATE VIRTUAL TABLE f§ USING fts5(x);\nINSERT INTO f§ VALUES ('some words; §');", "DROP TABLE f§;"},
	{"CREATE TABLE o§ (id INTEGER PRIMARY KEY, p REFERENCES o§);\nINSERT INTO o§ VALUES (1, 1);\nCREATE TABLE new (id INTEGER PRIMARY KEY, p REFERENCES o§, q);\nINSERT INTO new SELECT id, p, '§' FROM o§;\nDROP TABLE o§;\nALTER TABLE new RENAME TO o§;", "DROP TABLE o§;"},
	{"PRAGMA foreign_keys = OFF;\nPRAGMA foreign_key_check(log);", "SELECT 1;"},
}

// megabyte is a long one.
var megabyte = piece{"INSERT INTO log (a, b) VALUES ('§', '" + strings.Repeat("x;.\ny", 1<<18) + "');", "DELETE FROM log WHERE a = '§';"}

// failing is what SQLite refuses, some of it when it is run only.
var failing = []string{
	"INSERT INTO nowhere VALUES ('§;');",
	"INSERT INTO log (a, b)\n  VALUES (';'\n  , nowhere);",
	"CREATE TABLE x§ (a UNIQUE);\nINSERT INTO x§ VALUES (1), (1); -- nowhere",
	"-- +goose StatementBegin\nCREATE TABLE x§ (a);\n\n-- the next;\nSELECT * FROM nowhere; SELECT ';';\n-- +goose StatementEnd",
	"-- +goose StatementBegin\n/* the\nfirst; */ CREATE TABLE x§ (a UNIQUE);\nINSERT INTO x§ VALUES (1);\n\n  INSERT INTO x§ /* nowhere */\nVALUES (1);\n-- +goose StatementEnd",
	"SELECT CASE WHEN 1 THEN json('{') END; -- nowhere",
	"SELECT 'nowhere;\n', 1;",
	"/* ends here for goose;\n */ SELECT 'nowhere';",
	"UPDATE log SET nowhere = ';';",
}

// refusals are what goose does and Silo does not.
var refusals = []string{"-- +goose ENVSUB ON", "-- +goose no transaction", "-- migrate:down", "--+goose Down"}

// between is what stands between pieces and does nothing.
var between = []string{"", "", "", "\n", "-- a comment; with a semicolon", "\n\n-- it's\n--\n\n", "--- three", "-- goose Down", "\t-- indented;"}

func drawSet(t *rapid.T) drawnSet {
	d := drawnSet{files: fstest.MapFS{"README.md": {Data: []byte("-- no migration")}, "helpers.go": {Data: []byte("package migrations")}}, fails: map[string]int{}}
	width, version := 5, 0
	if rapid.Bool().Draw(t, "timestamps") {
		width, version = 14, 20240101120000
	}
	serial := 0
	for i := range rapid.IntRange(1, 4).Draw(t, "migrations") {
		version += rapid.SampledFrom([]int{1, 1, 2, 97}).Draw(t, "gap")
		title := rapid.SampledFrom([]string{"a", "create_users", "v1.2", "ünïcode", "two words", "Add_Column-9"}).Draw(t, "title")
		name := fmt.Sprintf("%0*d_%s.sql", width, version, title)
		text := d.draw(t, i == 0, &serial)
		section := name
		for at, line := range strings.Split(text, "\n") {
			if strings.HasPrefix(line, "-- +goose Down") {
				section = name + " "
			}
			if d.fails[section] == 0 && strings.Contains(line, "nowhere") {
				d.fails[section] = at + 1
			}
		}
		d.files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return d
}

// draw draws the text of a migration; the first makes the table that the others use.
func (d *drawnSet) draw(t *rapid.T, first bool, serial *int) string {
	var up, down []string
	if first {
		up, down = []string{"CREATE TABLE log (a, b);"}, []string{"DROP TABLE log;"}
	}
	rare := func(what string, n int) bool { return rapid.IntRange(1, n).Draw(t, what) == n/2+1 }
	for range rapid.IntRange(0, 4).Draw(t, "pieces") {
		*serial++
		number := func(text string) string { return strings.ReplaceAll(text, "§", fmt.Sprint(*serial)) }
		if rare("fails", 20) {
			up = append(up, number(rapid.SampledFrom(failing).Draw(t, "failing")))
			continue
		}
		p := rapid.SampledFrom(pieces).Draw(t, "piece")
		if rare("megabyte", 100) {
			p = megabyte
		}
		up, down = append(up, number(p.up)), append(down, number(p.down))
		if rare("fails down", 12) {
			down = append(down, number(rapid.SampledFrom(failing).Draw(t, "failing")))
		}
	}
	slices.Reverse(down)
	lines := []string{rapid.SampledFrom(between).Draw(t, "between"), "-- +goose Up"}
	for _, sql := range up {
		lines = append(lines, rapid.SampledFrom(between).Draw(t, "between"), sql)
	}
	if rare("refused", 60) {
		d.refused = true
		lines = append(lines, rapid.SampledFrom(refusals).Draw(t, "refused for"))
	}
	if !rare("no Down", 12) {
		lines = append(lines, rapid.SampledFrom(between).Draw(t, "between"), "-- +goose Down")
		if rare("empty Down", 12) {
			down = nil
		}
		for _, sql := range down {
			lines = append(lines, rapid.SampledFrom(between).Draw(t, "between"), sql)
		}
	}
	text := strings.Join(append(lines, rapid.SampledFrom(between).Draw(t, "between")), "\n")
	if rare("BOM", 60) {
		d.refused = true
		text = "\ufeff" + text
	}
	if !rare("no final newline", 4) {
		text += "\n"
	}
	if rare("CRLF", 4) {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}
