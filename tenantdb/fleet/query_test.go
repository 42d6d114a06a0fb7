package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestQueryYieldsTheRowsOfAllTenantsInOrder(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 5, 2)}, 2)
	if err := w.add(t.Context(), mustID(name(2)), "more"); err != nil { // this one is open
		t.Fatal(err)
	}
	want := []string{"t-000 [note of t-000 0]", "t-001 [note of t-001 0]", "t-002 [note of t-002 0]", "t-002 [more 0]", "t-003 [note of t-003 0]", "t-004 [note of t-004 0]"}
	for _, workers := range []int{1, 2, 16} {
		got, _, err := w.rows(t.Context(), fleet.Options{Workers: workers}, "SELECT body, pinned FROM notes ORDER BY id")
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("with %d workers: %q, %v", workers, got, err)
		}
	}
	if now := w.dir.Stats(); now.Open != 1 || now.Opened != 1 {
		t.Errorf("it has opened tenants: %+v", now)
	}
}

func TestQueryGivesEachKindOfValueAndTakesArguments(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 1, 2)}, 2)
	for row, err := range fleet.Query(t.Context(), w.store, fleet.Options{}, "SELECT ? AS whole, 1.5, 'text', x'0102', NULL, ?", 42, "given") {
		if err != nil {
			t.Fatal(err)
		}
		if row.Columns[0] != "whole" || !reflect.DeepEqual(row.Values, []any{int64(42), 1.5, "text", []byte{1, 2}, nil, "given"}) {
			t.Errorf("%#v", row)
		}
	}
	_, _, err := w.rows(t.Context(), fleet.Options{}, "SELECT ?")
	wantErr(t, err, fleet.ErrBadStatement)
}

func TestATextThatIsNoStatementIsRunOnNoTenantAndToldOnce(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 2, 2)}, 2)
	for _, sql := range []string{"", " -- nothing", ";", "SELECT 1; SELECT 2", "SELEKT 1", "SELECT (1", "SELECT 'a", "SELECT 'a\x00b'", "SELECT #", "SELECT ?1, ?2"} {
		_, of, err := w.rows(t.Context(), fleet.Options{}, sql, "one")
		if !errors.Is(err, fleet.ErrBadStatement) || len(of) > 0 {
			t.Errorf("%q: %v, %v", sql, of, err)
		}
	}
	// Another tenant's schema may have it.
	for _, sql := range []string{"SELECT * FROM nowhere", "SELECT colour FROM notes", "SELECT none()"} {
		_, of, err := w.rows(t.Context(), fleet.Options{}, sql)
		if err != nil || len(of) != 2 {
			t.Errorf("%q: %v, %v", sql, of, err)
		}
	}
}

func TestAResultOfManyRowsIsStreamedWhetherTheTenantIsOpenOrNot(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 3, 2)}, 2)
	if _, err := w.store.Resolve(tenanttest.Context(t, name(1))); err != nil {
		t.Fatal(err)
	}
	const many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n"
	for _, rows := range []int64{0, 1, 127, 128, 129, 256, 257, 5000} {
		next := map[string]int64{}
		for row, err := range fleet.Query(t.Context(), w.store, fleet.Options{}, many, max(rows, 1)) {
			if err != nil {
				t.Fatal(err)
			}
			next[row.Tenant.String()]++
			if row.Values[0] != next[row.Tenant.String()] {
				t.Fatalf("%v is row %d of %v", row.Values, next[row.Tenant.String()], row.Tenant)
			}
		}
		if len(next) != 3 || next[name(0)] != max(rows, 1) || next[name(1)] != max(rows, 1) {
			t.Errorf("of %d rows: %v", rows, next)
		}
	}
}

func TestAQueryThatIsLeftEndsAtOnceAndLeavesNothing(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 6, 2)}, 2)
	const endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
	seen := 0
	for _, err := range fleet.Query(t.Context(), w.store, fleet.Options{}, endless) {
		if err != nil {
			t.Fatal(err)
		}
		if seen++; seen == 1000 {
			break
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for row, err := range fleet.Query(ctx, w.store, fleet.Options{}, endless) {
		if cancel(); err != nil {
			last = err
			if !row.Tenant.IsZero() {
				t.Errorf("the end of the context came as one of %v", row.Tenant)
			}
		}
	}
	wantErr(t, last, context.Canceled)
}

func TestQueryRunsNothingButWhatReads(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 2, 4)}, 4)
	if _, err := w.store.Resolve(tenanttest.Context(t, name(0))); err != nil { // one is open, the other not
		t.Fatal(err)
	}
	other := w.file(name(1))
	for _, sql := range []string{
		"INSERT INTO notes (body) VALUES ('x')", "UPDATE notes SET body = 'x' RETURNING body", "DELETE FROM notes",
		"WITH x AS (SELECT 1) INSERT INTO notes (body) SELECT 'x' FROM x RETURNING id",
		"CREATE TABLE x (y)", "DROP TABLE notes", "ALTER TABLE notes RENAME TO x", "REINDEX", "ANALYZE", "VACUUM",
		"ATTACH '" + other + "' AS other", "ATTACH ? AS other", "DETACH main", "VACUUM INTO '/tmp/x'",
		"PRAGMA user_version", "PRAGMA journal_mode = delete", "SELECT * FROM pragma_table_info('notes')",
		"BEGIN", "COMMIT", "SAVEPOINT x", "SELECT load_extension('x')", "INSERT INTO silo_file (schema) VALUES ('x')",
	} {
		for _, who := range []string{name(0), name(1)} {
			o := fleet.Options{Select: fleet.Selection{Tenants: ids(who)}}
			rows, of, err := w.rows(t.Context(), o, sql)
			if !errors.Is(err, fleet.ErrBadStatement) && of[who] == nil {
				t.Errorf("%s on %s: %v, %v, %v", sql, who, rows, of, err)
			}
		}
	}
	got, _, err := w.rows(t.Context(), fleet.Options{}, "SELECT group_concat(body) FROM notes")
	if want := []string{"t-000 [note of t-000]", "t-001 [note of t-001]"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("afterwards: %q, %v", got, err)
	}
}

func TestQueryReadsTenantsOfEveryVersionAndEveryState(t *testing.T) {
	folder := prepare(t, 3, 2)
	w := worldIn(t, tenantdb.Options{Path: folder, Migrate: tenantdb.MigrateVerify}, 3)
	if _, err := w.cat.SetState(t.Context(), mustID(name(0)), 1, catalog.Change{State: catalog.Suspended}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.MigrateUp(t.Context(), mustID(name(1)), tenantdb.MigrateOptions{}); err != nil {
		t.Fatal(err)
	}
	got, of, err := w.rows(t.Context(), fleet.Options{Catalog: w.cat}, "SELECT count(*) FROM notes")
	if err != nil || len(of) > 0 || len(got) != 3 {
		t.Errorf("%q, %v, %v", got, of, err)
	}
	// A table that only the new version has.
	got, of, err = w.rows(t.Context(), fleet.Options{Catalog: w.cat}, "SELECT count(*) FROM tags")
	if err != nil || len(got) != 1 || len(of) != 2 {
		t.Errorf("%q, %v, %v", got, of, err)
	}
	_, of, err = w.rows(t.Context(), fleet.Options{Catalog: w.cat, Workers: 1, MaxFailures: 1}, "SELECT count(*) FROM tags")
	wantErr(t, err, fleet.ErrStopped)
	if len(of) != 1 {
		t.Errorf("%v", of)
	}
}

func TestADamagedTenantCostsTheOthersNothing(t *testing.T) {
	folder := prepare(t, 4, 2)
	w := worldIn(t, tenantdb.Options{Path: folder}, 2)
	path := w.file(name(2))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("this is no database, and it is longer than a header is, which has one hundred bytes of its own"), 0o600); err != nil {
		t.Fatal(err)
	}
	var last fleet.Progress
	progress := func(p fleet.Progress) {
		if last = p; (p.Left > 0) != (p.Done < p.Total) {
			t.Errorf("%v are left of %+v", p.Left, p)
		}
	}
	got, of, err := w.rows(t.Context(), fleet.Options{Progress: progress}, "SELECT body FROM notes")
	if err != nil || len(got) != 3 || len(of) != 1 {
		t.Errorf("%q, %v, %v", got, of, err)
	}
	wantErr(t, of[name(2)], tenantdb.ErrNotADatabase)
	if last.Done != 4 || last.Total != 4 || last.Failed != 1 || last.Left != 0 || last.Rate <= 0 {
		t.Errorf("%+v", last)
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil { // for the checks at the end
		t.Fatal(err)
	}
}

func TestATenantThatIsDeletedWhileOthersAreAskedIsPassedOver(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 3, 2)}, 2)
	last := mustID(name(2))
	for _, named := range [][]tenantdb.ID{nil, ids(name(0), name(2))} {
		var got []string
		o := fleet.Options{Catalog: w.cat, Workers: 1, Select: fleet.Selection{Tenants: named}}
		for row, err := range fleet.Query(t.Context(), w.store, o, "SELECT 1") {
			if len(got) == 0 && named == nil { // the last one goes while the first answers
				if err := errors.Join(w.store.Delete(t.Context(), last), w.cat.Forget(t.Context(), last, 1)); err != nil {
					t.Fatal(err)
				}
			}
			got = append(got, fmt.Sprint(row.Tenant, " ", errors.Is(err, tenantdb.ErrUnknownTenant)))
		}
		want := []string{"t-000 false", "t-001 false"}
		if named != nil {
			want = []string{"t-000 false", "t-002 true"}
		}
		if !slices.Equal(got, want) {
			t.Errorf("of %v there is %q, want %q", named, got, want)
		}
	}
}

func TestAQueryMeetsWritersOfOpenTenantsAndReadsEachTenantInOneState(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 4, 2)}, 2)
	stop := make(chan struct{})
	wrote := make(chan error, 1)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				wrote <- nil
				return
			default:
			}
			if err := w.add(context.Background(), mustID(name(i%4)), fmt.Sprint(i)); err != nil {
				wrote <- err
				return
			}
		}
	}()
	for range 50 {
		_, of, err := w.rows(t.Context(), fleet.Options{}, "SELECT (SELECT count(*) FROM notes) = count(*) FROM notes")
		if err != nil || len(of) > 0 {
			t.Fatal(of, err)
		}
	}
	close(stop)
	if err := <-wrote; err != nil {
		t.Error(err)
	}
}
