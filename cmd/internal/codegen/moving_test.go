package codegen

import "testing"

func TestATableIsSteadyWhenNothingElseChangesItsRows(t *testing.T) {
	c := catalogOf(t, `
		CREATE TABLE calm (id INTEGER PRIMARY KEY, note TEXT);
		CREATE TABLE child (id INTEGER PRIMARY KEY, calm INTEGER REFERENCES calm (id) ON DELETE CASCADE);
		CREATE TABLE orphan (id INTEGER PRIMARY KEY, calm INTEGER REFERENCES calm (id) ON DELETE SET NULL);
		CREATE TABLE moved (id INTEGER PRIMARY KEY, calm INTEGER REFERENCES calm (id) ON UPDATE CASCADE);
		CREATE TABLE counted (id INTEGER PRIMARY KEY, n INTEGER);
		CREATE TABLE "Log" (id INTEGER PRIMARY KEY, n INTEGER);
-- +goose StatementBegin
		CREATE TRIGGER calm_count AFTER UPDATE OF note ON calm BEGIN
			UPDATE OR IGNORE counted SET n = n + 1 WHERE id = new.id;
			INSERT INTO log (n) VALUES (new.id);
		END;
-- +goose StatementEnd`)
	for table, want := range map[string]bool{"calm": true, "CHILD": true, "orphan": false, "moved": false, "Counted": false, "Log": false} {
		if got := c.Steady(table); got != want {
			t.Errorf("%s is steady: %t, want %t", table, got, want)
		}
	}
}
