package tenantdb_test

import (
	"context"
	"io/fs"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// notesThatFail has what makes a statement fail and keep the rows before: a constraint
// and a trigger.
type notesThatFail struct{ tenantdb.Tenant }

func (notesThatFail) Migrations() fs.FS {
	return files(notes1, `-- +goose Up
CREATE TABLE tags (name TEXT NOT NULL UNIQUE ON CONFLICT FAIL);
CREATE TABLE words (word TEXT NOT NULL);
-- +goose StatementBegin
CREATE TRIGGER no_bad_words BEFORE INSERT ON words WHEN new.word = 'bad' BEGIN
	SELECT RAISE(FAIL, 'no bad words');
END;
-- +goose StatementEnd
`)
}

func (s notesThatFail) Origin() tenantdb.Origin { return origin("fail", s.Migrations()) }

func TestACallThatFailsWritesNothingAlsoWithinWriteAndWithFail(t *testing.T) {
	acme := tenanttest.New(t, tenantdb.OpenStore[notesThatFail]).Tenant("acme")
	all := query.Read("All", "fail.sql", "SELECT body FROM notes UNION ALL SELECT name FROM tags UNION ALL SELECT word FROM words ORDER BY 1")
	tell := func() []string {
		t.Helper()
		got, err := query.Many(acme.Context, tenantdb.Bind(acme.DB), all, scanText)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if err := add(acme.Context, acme.DB, "there"); err != nil {
		t.Fatal(err)
	}
	for name, sql := range map[string]string{
		"OR FAIL":      "INSERT OR FAIL INTO notes (body) VALUES ('a note'), ('there')",
		"a constraint": "INSERT INTO tags VALUES ('a tag'), ('the same'), ('the same')",
		"a trigger":    "INSERT INTO words VALUES ('a word'), ('bad')",
	} {
		st := query.Write("Fails", "fail.sql", sql)
		if err := query.Exec(acme.Context, tenantdb.Bind(acme.DB), st); err == nil {
			t.Errorf("%s: it did not fail", name)
		}
		before := name + ": before"
		err := acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[notesThatFail]) error {
			if err := add(ctx, tx, before); err != nil {
				return err
			}
			if err := query.Exec(ctx, tenantdb.Bind(tx), st); err == nil {
				t.Errorf("%s: it did not fail within Write", name)
			}
			return add(ctx, tx, name+": behind")
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got := tell()
		if !slices.Contains(got, before) || !slices.Contains(got, name+": behind") {
			t.Errorf("%s: the rest of the transaction is not there: %q", name, got)
		}
		for _, kept := range []string{"a note", "a tag", "the same", "a word"} {
			if slices.Contains(got, kept) {
				t.Errorf("%s: %q was kept", name, kept)
			}
		}
	}
}
