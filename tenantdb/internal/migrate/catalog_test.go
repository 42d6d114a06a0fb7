package migrate_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

func loadCatalog(t *testing.T, texts ...string) *migrate.Set {
	t.Helper()
	set, err := migrate.LoadCatalog(numbered(texts...))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// both opens a database on which first one set has run and then the other.
func both(t *testing.T, sets ...*migrate.Set) *sqlite.Conn {
	t.Helper()
	conn := memory(t)
	for _, set := range sets {
		if err := conn.SetPolicy(set.Policy()); err != nil {
			t.Fatal(err)
		}
		if ran, err := apply(t.Context(), conn, set); err != nil || len(ran) != len(set.Migrations) {
			t.Fatalf("%v ran, %v", ran, err)
		}
	}
	return conn
}

func TestTwoSetsOfOneFileKnowNothingOfEachOther(t *testing.T) {
	app := load(t, numbered("CREATE TABLE a (x);", "CREATE TABLE b (x);"))
	own := loadCatalog(t, "CREATE TABLE silo_a (x);", "CREATE TABLE silo_b (x);", "CREATE INDEX silo_i ON silo_a (x);")
	for name, conn := range map[string]*sqlite.Conn{"the application first": both(t, app, own), "the catalog first": both(t, own, app)} {
		for _, set := range []*migrate.Set{app, own} {
			if n, err := set.Pending(conn); err != nil || n != 0 {
				t.Errorf("%s: %d pending, %v", name, n, err)
			}
		}
		for table, want := range map[string]string{"goose_db_version": "0 1 2", "silo_goose_db_version": "0 1 2 3", "silo_migration": "1 2", "silo_catalog_migration": "1 2 3"} {
			got := rows(t, conn, "SELECT group_concat(version_id, ' ') FROM "+table)
			if len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s has %q, want %q", name, table, got, want)
			}
		}
		mine, err := app.ReadMark(conn)
		its, itsErr := own.ReadMark(conn)
		if err != nil || itsErr != nil || mine == its {
			t.Errorf("%s: the marks are %v, %v, and %v, %v", name, mine, err, its, itsErr)
		}
		ahead := load(t, numbered("CREATE TABLE a (x);"))
		if _, err := ahead.Pending(conn); !errors.Is(err, migrate.ErrAhead) {
			t.Errorf("%s: an older application: %v", name, err)
		}
	}
}

func TestTheApplicationTakesNoReservedNameAlsoBesideTheCatalog(t *testing.T) {
	own := loadCatalog(t, "CREATE TABLE silo_a (x);")
	for _, text := range []string{"CREATE TABLE a (x);\nALTER TABLE a RENAME TO silo_b;", "CREATE TABLE a (x);\nCREATE INDEX silo_x ON a (x);"} {
		conn := both(t, own)
		if err := conn.SetPolicy(sqlite.Migrations); err != nil {
			t.Fatal(err)
		}
		_, err := apply(t.Context(), conn, load(t, numbered(text)))
		if !errors.Is(err, migrate.ErrFailed) || !strings.Contains(err.Error(), "reserved") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
