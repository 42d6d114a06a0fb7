package sqlcheck_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/sqlcheck"
)

const (
	ofApp     = "-- +goose Up\nCREATE TABLE plans (tenant TEXT NOT NULL);\n-- +goose Down\nDROP TABLE plans;\n"
	ofCatalog = "-- +goose Up\nCREATE TABLE silo_tenants (id TEXT NOT NULL);\n-- +goose Down\nDROP TABLE silo_tenants;\n"
)

func closing(t *testing.T, db *sqlcheck.DB, err error) *sqlcheck.DB {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func names(t *testing.T, db *sqlcheck.DB) string {
	t.Helper()
	objects, err := db.Objects()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, o := range objects {
		all = append(all, o.Name)
	}
	return strings.Join(all, " ")
}

func TestAGlobalDatabaseReadsTheCatalogAndTheCatalogWritesIt(t *testing.T) {
	const write = "DELETE FROM silo_tenants"
	db, err := sqlcheck.OpenGlobal(t.Context(), files("1_a.sql", ofApp), files("1_a.sql", ofCatalog))
	closing(t, db, err)
	d := describe(t, db, "SELECT t.id FROM plans JOIN silo_tenants AS t ON t.id = plans.tenant")
	if !d.ReadOnly || d.Columns[0].Table != "silo_tenants" || !d.Columns[0].NotNull {
		t.Errorf("reading: %+v", d)
	}
	var refused *sqlcheck.Error
	if _, err := db.Describe(write); !errors.As(err, &refused) || refused.Message != "the table silo_tenants may be read, not written" {
		t.Errorf("writing: %v", err)
	}
	if got := names(t, db); got != "plans" {
		t.Errorf("its objects are %s", got)
	}
	own, err := sqlcheck.OpenCatalog(t.Context(), files("1_a.sql", ofCatalog))
	closing(t, own, err)
	if d := describe(t, own, write); d.ReadOnly {
		t.Errorf("the catalog writing: %+v", d)
	}
	if _, err := own.Describe("DELETE FROM silo_catalog_migration"); err == nil {
		t.Error("the catalog may write what has run on it")
	}
	if got := names(t, own); got != "silo_tenants" {
		t.Errorf("the catalog's objects are %s", got)
	}
}

func TestMigrationsOfTheApplicationDoWithoutTheCatalog(t *testing.T) {
	uses := "-- +goose Up\nCREATE TABLE plans AS SELECT id FROM silo_tenants;\n"
	var of *sqlcheck.MigrationError
	if _, err := sqlcheck.OpenGlobal(t.Context(), files("1_a.sql", uses), files("1_a.sql", ofCatalog)); !errors.As(err, &of) || of.Line != 2 {
		t.Errorf("the error is %v", err)
	}
}

func TestTheCatalogsDownsAreTriedToo(t *testing.T) {
	if found, err := sqlcheck.ReversibleCatalog(t.Context(), files("1_a.sql", ofCatalog)); err != nil || len(found) != 0 {
		t.Errorf("a right one: %v, %v", found, err)
	}
	wrong := strings.Replace(ofCatalog, "DROP TABLE silo_tenants", "SELECT 1", 1)
	if found, err := sqlcheck.ReversibleCatalog(t.Context(), files("1_a.sql", wrong)); err != nil || len(found) != 1 || !strings.Contains(found[0].Message, "silo_tenants") {
		t.Errorf("one that leaves a table: %v, %v", found, err)
	}
}
