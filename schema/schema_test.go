package schema_test

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/silokit/silo/schema"
	_ "modernc.org/sqlite"
)

func TestEveryMigrationCanBeTakenBackAndMadeAgain(t *testing.T) {
	for name, history := range histories(t) {
		t.Run(name, func(t *testing.T) {
			db, provider := open(t, history)
			versions := provider.ListSources()
			if len(versions) == 0 {
				t.Fatal("no migrations are embedded")
			}
			for range versions {
				before := objects(t, db)
				if _, err := provider.UpByOne(t.Context()); err != nil {
					t.Fatal(err)
				}
				after := objects(t, db)
				down, err := provider.Down(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				same(t, "after down of "+down.Source.Path, objects(t, db), before)
				if _, err := provider.UpByOne(t.Context()); err != nil {
					t.Fatal(err)
				}
				same(t, "after up, down, up of "+down.Source.Path, objects(t, db), after)
			}
			whole := objects(t, db)
			if _, err := provider.DownTo(t.Context(), 0); err != nil {
				t.Fatal(err)
			}
			same(t, "after down to 0", objects(t, db), nil)
			if _, err := provider.Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			same(t, "after up again", objects(t, db), whole)
		})
	}
}

func TestMigrationsLeaveForeignKeysToTheRuntime(t *testing.T) {
	for name, history := range histories(t) {
		files, err := fs.Glob(history, "*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := fs.ReadFile(history, file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(strings.ToUpper(string(text)), "PRAGMA") {
				t.Errorf("%s/%s sets a PRAGMA", name, file)
			}
		}
	}
}

func TestRebuildingATableKeepsTheRowsThatReferenceIt(t *testing.T) {
	tests := []struct {
		name, history string
		before, after int64 // versions around the rebuild
		fill, count   string
	}{
		{
			name: "actions and their runs", history: "tenant", before: 3, after: 4,
			fill: `INSERT INTO modules (id, slug, name) VALUES ('m', 'm', 'M');
				INSERT INTO actions (id, module_id, kind, name) VALUES ('a', 'm', 'script', 'Run');
				INSERT INTO action_runs (id, action_id, started_ms) VALUES ('r', 'a', 1), ('s', 'a', 2);`,
			count: `SELECT count(*) FROM action_runs JOIN actions ON actions.id = action_runs.action_id`,
		},
		{
			name: "users and their memberships", history: "global", before: 5, after: 6,
			fill: `INSERT INTO users (id, email) VALUES ('u', 'ann@example.com');
				INSERT INTO memberships (tenant_id, user_id, role) VALUES ('t', 'u', 'owner'), ('w', 'u', 'viewer');`,
			count: `SELECT count(*) FROM memberships JOIN users ON users.id = memberships.user_id`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db, provider := open(t, histories(t)[test.history])
			if _, err := provider.UpTo(t.Context(), test.before); err != nil {
				t.Fatal(err)
			}
			exec(t, db, test.fill)
			for _, version := range []int64{test.after, test.before} {
				var err error
				if version == test.after {
					_, err = provider.UpTo(t.Context(), version)
				} else {
					_, err = provider.DownTo(t.Context(), version)
				}
				if err != nil {
					t.Fatal(err)
				}
				if n := number(t, db, test.count); n != 2 {
					t.Errorf("at version %d there are %d referencing rows, want 2", version, n)
				}
				if n := number(t, db, `SELECT count(*) FROM pragma_foreign_key_check`); n != 0 {
					t.Errorf("at version %d there are %d broken references", version, n)
				}
			}
		})
	}
}

func TestAnActionKindThatTheProductDoesNotKnowStopsTheMigration(t *testing.T) {
	db, provider := open(t, histories(t)["tenant"])
	if _, err := provider.UpTo(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	exec(t, db, `INSERT INTO modules (id, slug, name) VALUES ('m', 'm', 'M');
		INSERT INTO actions (id, module_id, kind, name) VALUES ('a', 'm', 'telegram', 'Send');`)
	before := objects(t, db)
	if _, err := provider.Up(t.Context()); err == nil {
		t.Fatal("an action of an unknown kind was migrated")
	}
	same(t, "after the failed migration", objects(t, db), before)
}

func TestSearchFollowsTheActions(t *testing.T) {
	db, provider := open(t, histories(t)["tenant"])
	if _, err := provider.UpTo(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	exec(t, db, `INSERT INTO modules (id, slug, name) VALUES ('m', 'm', 'M');
		INSERT INTO actions (id, module_id, kind, name) VALUES ('a', 'm', 'script', 'Send invoices');`)
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	exec(t, db, `PRAGMA foreign_keys = ON`)
	found := func(word string) int {
		t.Helper()
		return number(t, db, `SELECT count(*)
			FROM action_search
			JOIN action_documents ON action_documents.id = action_search.rowid
			JOIN actions ON actions.id = action_documents.action_id
			WHERE action_search MATCH '`+word+`'`)
	}
	if n := found("invoices"); n != 1 {
		t.Errorf("an action older than the index: found %d times, want 1", n)
	}
	exec(t, db, `INSERT INTO actions (id, module_id, kind, name, description)
		VALUES ('b', 'm', 'script', 'Remind', 'of unpaid invoices')`)
	if n := found("invoices"); n != 2 {
		t.Errorf("after an insert: found %d times, want 2", n)
	}
	exec(t, db, `UPDATE actions SET name = 'Send offers' WHERE id = 'a'; VACUUM`)
	if n, m := found("invoices"), found("offers"); n != 1 || m != 1 {
		t.Errorf("after an update: found the old name %d times and the new one %d times, want 1 and 1", n, m)
	}
	exec(t, db, `DELETE FROM modules`)
	if n := number(t, db, `SELECT count(*) FROM action_search`); n != 0 {
		t.Errorf("after the module was deleted, %d documents remain", n)
	}
	exec(t, db, `INSERT INTO action_search (action_search) VALUES ('integrity-check')`)
}

func TestAuditLogRefusesToBeRewritten(t *testing.T) {
	db, provider := open(t, histories(t)["tenant"])
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	exec(t, db, `INSERT INTO audit_log (actor, event, subject_kind, subject_id) VALUES ('ann', 'enabled', 'module', 'm')`)
	if _, err := db.ExecContext(t.Context(), `UPDATE audit_log SET actor = 'bob'`); err == nil {
		t.Error("an entry was rewritten")
	}
	exec(t, db, `DELETE FROM audit_log`)
}

func TestARetiredPlanIsKeptByThoseWhoHaveItAndGivenToNobody(t *testing.T) {
	db, provider := open(t, histories(t)["global"])
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	exec(t, db, `INSERT INTO plans (id, name, price_cents) VALUES ('old', 'Old', 900), ('new', 'New', 1900);
		INSERT INTO subscriptions (tenant_id, plan_id) VALUES ('a', 'old'), ('b', 'new');
		UPDATE plans SET retired_at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE id = 'old'`)
	subscribe := `INSERT INTO subscriptions (tenant_id, plan_id) VALUES (?, 'old')
		ON CONFLICT (tenant_id) DO UPDATE SET plan_id = excluded.plan_id`
	for tenant, kept := range map[string]bool{"a": true, "b": false, "c": false} {
		_, err := db.ExecContext(t.Context(), subscribe, tenant)
		if kept && err != nil {
			t.Errorf("tenant %s has the plan and cannot keep it: %v", tenant, err)
		}
		if !kept && err == nil {
			t.Errorf("tenant %s got a retired plan", tenant)
		}
	}
}

// histories returns the embedded migrations by the name of their folder, rooted there.
func histories(t *testing.T) map[string]fs.FS {
	t.Helper()
	roots := map[string]fs.FS{"tenant": schema.Tenant, "global": schema.Global, "catalog": schema.Catalog}
	for name, root := range roots {
		sub, err := fs.Sub(root, name)
		if err != nil {
			t.Fatal(err)
		}
		roots[name] = sub
	}
	return roots
}

// open returns an empty database as the runtime's migrating connection has it: foreign
// keys off, no trust in the schema.
func open(t *testing.T, history fs.FS) (*sql.DB, *goose.Provider) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	db.SetMaxOpenConns(1)
	exec(t, db, `PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF`)
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, history)
	if err != nil {
		t.Fatal(err)
	}
	return db, provider
}

// objects returns every table, index and trigger with its SQL. Space, quotes and case
// are left out: a rename adds quotes, and a dropped column leaves its space behind.
func objects(t *testing.T, db *sql.DB) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT type || ' ' || name || ' ' || coalesce(sql, '')
		FROM sqlite_schema
		WHERE tbl_name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite_sequence'
		ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var object string
		if err := rows.Scan(&object); err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.ToLower(strings.ReplaceAll(strings.Join(strings.Fields(object), ""), `"`, "")))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func same(t *testing.T, when string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s the schema is\n%s\nwant\n%s", when, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func exec(t *testing.T, db *sql.DB, script string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}

func number(t *testing.T, db *sql.DB, query string) int {
	t.Helper()
	var n int
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
