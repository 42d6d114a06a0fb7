package driver

import (
	"path/filepath"
	"testing"
)

func TestAKeyThatIsNULLIsFound(t *testing.T) {
	db, err := open(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	exec := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	exec(`CREATE TABLE t ("a b" TEXT PRIMARY KEY, note TEXT)`)
	exec(`INSERT INTO t VALUES ('x', NULL)`)
	tables, err := readSchema(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	u := &unit{tables: tables}
	if found, err := u.nullKey(t.Context(), db); found || err != nil {
		t.Errorf("found %v, %v where every key is a value", found, err)
	}
	exec(`INSERT INTO t (note) VALUES ('y')`)
	if found, err := u.nullKey(t.Context(), db); !found || err != nil {
		t.Errorf("found %v, %v where a key is NULL", found, err)
	}
}
