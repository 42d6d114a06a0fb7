package sqlcheck_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/tenantdb/sqlcheck"
)

func TestDefaultsAreWhatSQLiteStores(t *testing.T) {
	db, err := sqlcheck.Open(t.Context(), fstest.MapFS{"00001_a.sql": {Data: []byte(`-- +goose Up
CREATE TABLE a (
  plain INTEGER, n INTEGER NOT NULL DEFAULT '7', word INTEGER DEFAULT seven, half INTEGER DEFAULT (1.0 / 2), minus REAL DEFAULT - 1,
  text TEXT DEFAULT 5, flag BOOLEAN DEFAULT TRUE, bytes BLOB DEFAULT '', at DATETIME DEFAULT '', day INTEGER DEFAULT (date('2001-02-03', '+1 day')),
  kept TEXT DEFAULT ('it''s' || ' so'), none TEXT DEFAULT NULL, double AS (n * 2)
);
CREATE TABLE b (a INTEGER DEFAULT 'x', b ANY DEFAULT '01', c TEXT DEFAULT (1 + 1)) STRICT;
`)}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	want := map[string][]sqlcheck.Default{
		"a": {
			{Column: "n", SQL: "'7'", Kind: "INTEGER", Text: "7"}, {Column: "word", SQL: "seven", Kind: "TEXT", Text: "'seven'"}, {Column: "half", SQL: "1.0 / 2", Kind: "REAL", Text: "0.5"},
			{Column: "minus", SQL: "- 1", Kind: "REAL", Text: "-1.0"}, {Column: "text", SQL: "5", Kind: "TEXT", Text: "'5'"}, {Column: "flag", SQL: "TRUE", Kind: "INTEGER", Text: "1"},
			{Column: "bytes", SQL: "''", Kind: "TEXT", Text: "''"}, {Column: "at", SQL: "''", Kind: "TEXT", Text: "''"}, {Column: "day", SQL: "date('2001-02-03', '+1 day')", Kind: "TEXT", Text: "'2001-02-04'"},
			{Column: "kept", SQL: "'it''s' || ' so'", Kind: "TEXT", Text: "'it''s so'"}, {Column: "none", SQL: "NULL", Kind: "NULL", Text: "NULL"},
		},
		"b": {
			{Column: "a", SQL: "'x'", Refusal: "cannot store TEXT value in a column that is INTEGER"},
			{Column: "b", SQL: "'01'", Kind: "TEXT", Text: "'01'"}, {Column: "c", SQL: "1 + 1", Kind: "TEXT", Text: "'2'"},
		},
	}
	for table, wanted := range want {
		got, err := db.Defaults(table)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s: %s", table, diff)
		}
	}
}
