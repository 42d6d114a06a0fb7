package migrate_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/tenantdb/internal/migrate"
)

func TestStepsRunOneMigrationUpAndDown(t *testing.T) {
	conn, set := memory(t), load(t, numbered(reversible...))
	exec(t, conn, "BEGIN")
	steps := migrate.NewSteps(conn)
	tables := func() []string { return rows(t, conn, "SELECT name FROM sqlite_schema ORDER BY name") }
	first, second := set.Migrations[0], set.Migrations[1]
	if err := errors.Join(steps.Up(t.Context(), first), steps.Up(t.Context(), second)); err != nil || !slices.Equal(tables(), []string{"a", "b"}) {
		t.Errorf("up: %q, %v", tables(), err)
	}
	if empty, err := steps.Down(t.Context(), second); err != nil || empty || !slices.Equal(tables(), []string{"a"}) {
		t.Errorf("down: %q, %t, %v", tables(), empty, err)
	}
	if err := steps.Up(t.Context(), second); err != nil || !slices.Equal(tables(), []string{"a", "b"}) {
		t.Errorf("up again: %q, %v", tables(), err)
	}
	exec(t, conn, "ROLLBACK")
}

func TestAFailingStepTellsItsOwnLine(t *testing.T) {
	for name, tt := range map[string]struct{ text, up, down string }{
		"up": {"-- +goose Up\n\nDROP TABLE a;\n-- +goose Down\nSELECT 1;\n",
			"00001_step.sql:3: migration failed: no such table: a (SQLite code 1)", ""},
		"down": {"-- +goose Up\nCREATE TABLE a (x);\n\n-- +goose Down\nDROP TABLE a;\n\nDROP TABLE\n\tb;\n",
			"", "00001_step.sql:7: migration failed: no such table: b (SQLite code 1)"},
		"a trigger in Down": {"-- +goose Up\nCREATE TABLE a (x);\n-- +goose Down\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n\tSELECT 1;\nEND;\n",
			"", "00001_step.sql:4: migration failed: goose ends a statement at each line that ends with a semicolon; put StatementBegin and StatementEnd around CREATE TRIGGER: incomplete input (SQLite code 1)"},
		"transaction in Down": {"-- +goose Up\nSELECT 1;\n-- +goose Down\nROLLBACK;\n",
			"", "00001_step.sql:4: migration failed: a migration cannot roll back or set savepoints: all that are pending are one transaction, which an error rolls back (SQLite code 23)"},
	} {
		t.Run(name, func(t *testing.T) {
			conn, set := memory(t), load(t, numbered(tt.text))
			exec(t, conn, "BEGIN")
			steps := migrate.NewSteps(conn)
			said := func(err error) string {
				var of *migrate.Error
				if errors.As(err, &of) {
					return of.Error()
				}
				return ""
			}
			up := said(steps.Up(t.Context(), set.Migrations[0]))
			_, err := steps.Down(t.Context(), set.Migrations[0])
			if tt.up != "" {
				err = nil
			}
			if diff := cmp.Diff([]string{tt.up, tt.down}, []string{up, said(err)}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestADownIsFoundWithItsLine(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want migrate.Down
	}{
		"none":       {"-- +goose Up\nSELECT 1;\n", migrate.Down{Empty: true}},
		"nothing":    {"-- +goose Up\nSELECT 1;\n-- +goose Down\n", migrate.Down{Line: 3, Empty: true}},
		"a comment":  {"-- +goose Up\nSELECT 1;\n-- +goose Down\n-- It stays.\n", migrate.Down{Line: 3, Empty: true}},
		"something":  {"-- +goose Up\r\nSELECT 1;\r\n\r\n-- +goose Down\r\nSELECT 2;\r\n", migrate.Down{Line: 4}},
		"in a block": {"-- +goose Up\nSELECT 1;\n-- +goose Down\n-- +goose StatementBegin\nSELECT 2;\n-- +goose StatementEnd\n", migrate.Down{Line: 3}},
	} {
		set := load(t, numbered(tt.text))
		down, err := set.Migrations[0].ReadDown()
		if err != nil || down.Line != tt.want.Line || down.Empty != tt.want.Empty {
			t.Errorf("%s: got %+v, %v", name, down, err)
		}
	}
}
