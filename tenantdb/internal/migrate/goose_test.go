package migrate_test

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"
	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// What Silo makes of migrations goose makes of them, by its own provider on the public driver:
// up, down and again. Ordinarily 100 sets are tried, or SILO_TORTURE_STEPS.
func TestMigrationsDoWhatGooseDoes(t *testing.T) {
	if withRaceDetector {
		t.Skip("it is one goroutine, and takes minutes with the race detector; make test runs it")
	}
	steps, err := strconv.Atoi(cmp.Or(os.Getenv("SILO_TORTURE_STEPS"), "0"))
	if err != nil {
		t.Fatalf("SILO_TORTURE_STEPS: %v", err)
	}
	counts := map[string]int{}
	for range max(1, steps/100) {
		rapid.Check(t, func(rt *rapid.T) { compareWithGoose(rt, counts) })
		if t.Failed() {
			return
		}
	}
	t.Log(counts)
	all := []string{"up", "down", "redo", "up failed", "down failed", "redo failed", "refused"}
	if steps < 1000 {
		all = all[:4] // the others are rarer
	}
	for _, what := range all {
		if counts[what] == 0 {
			t.Errorf("never came about: %s", what)
		}
	}
}

// pair is two databases, one for Silo and one for goose.
type pair struct {
	t        *rapid.T
	set      *migrate.Set
	silo     *sqlite.Conn
	db       *sql.DB
	provider *goose.Provider
	drawn    drawnSet
	counts   map[string]int
}

func compareWithGoose(rt *rapid.T, counts map[string]int) {
	p := &pair{t: rt, drawn: drawSet(rt), counts: counts}
	var err error
	p.set, err = migrate.Load(p.drawn.files)
	if p.drawn.refused {
		counts["refused"]++
		if p.set != nil || !errors.Is(err, migrate.ErrInvalid) {
			rt.Fatalf("got %v", err)
		}
		return
	}
	if err != nil {
		rt.Fatal(err)
	}
	p.silo, err = sqlite.Open(context.Background(), ":memory:", 0, sqlite.Config{Mode: sqlite.InMemory, Policy: sqlite.Migrations, ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		rt.Fatal(err)
	}
	p.db, err = sql.Open("sqlite", ":memory:")
	defer func() {
		if err := errors.Join(p.silo.Close(), p.db.Close()); err != nil {
			rt.Error(err)
		}
	}()
	if err != nil {
		rt.Fatal(err)
	}
	p.db.SetMaxOpenConns(1)
	p.provider, err = goose.NewProvider(goose.DialectSQLite3, p.db, p.drawn.files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		rt.Fatal(err)
	}
	p.play()
}

// play runs the migrations up, some of them down, the last one again, and all up.
func (p *pair) play() {
	if !p.both("up", p.up, p.gooseUp) {
		return
	}
	for range rapid.IntRange(0, len(p.set.Migrations)-1).Draw(p.t, "down") {
		if !p.both("down", p.down, p.gooseDown) {
			return
		}
	}
	redo := func(ctx context.Context) error { return errors.Join(p.down(ctx), p.up1(ctx)) }
	again := func(ctx context.Context) error {
		err := p.gooseDown(ctx)
		if err == nil {
			_, err = p.provider.UpByOne(ctx)
		}
		return err
	}
	if p.both("redo", redo, again) {
		p.both("up", p.up, p.gooseUp)
	}
}

// both does the same by Silo and by goose, and reports whether it was done.
func (p *pair) both(what string, silo, gooses func(context.Context) error) bool {
	ctx := context.Background()
	before := p.dumpSilo()
	if err := p.silo.Exec("BEGIN IMMEDIATE"); err != nil {
		p.t.Fatal(err)
	}
	err := silo(ctx)
	if err == nil {
		err = p.silo.Exec("COMMIT")
	} else if rollback := p.silo.Exec("ROLLBACK"); rollback != nil {
		p.t.Fatal(err, rollback)
	}
	gooseErr := gooses(ctx)
	var of *migrate.Error
	var sqlErr *sqlite.Error
	var partial *goose.PartialError
	switch {
	case err == nil && gooseErr == nil:
		if diff := gocmp.Diff(p.dumpGoose(), p.dumpSilo()); diff != "" {
			p.t.Fatalf("%s: goose (-) and Silo (+) leave\n%s", what, diff)
		}
		p.counts[what]++
		return true
	case !errors.As(err, &of):
		p.t.Fatalf("%s: Silo's error is %v, goose's is %v", what, err, gooseErr)
	case what != "up" && strings.Contains(of.Detail, "there is nothing in its Down"): // goose goes on
		p.counts["no Down"]++
	case !errors.As(err, &sqlErr), !errors.As(gooseErr, &partial), partial.Failed.Source.Path != of.File, !strings.Contains(gooseErr.Error(), sqlErr.Message):
		p.t.Fatalf("%s: Silo's error is %v, goose's is %v", what, err, gooseErr)
	default:
		section := of.File
		if what != "up" {
			section += " " // what was run before was taken down
		}
		if want := p.drawn.fails[section]; of.Line != want {
			p.t.Fatalf("%s: the error is said to be on line %d, want %d: %v", what, of.Line, want, err)
		}
		p.counts[what+" failed"]++
	}
	if diff := gocmp.Diff(before, p.dumpSilo()); diff != "" {
		p.t.Fatalf("%s failed and left\n%s", what, diff)
	}
	return false
}

func (p *pair) up(ctx context.Context) error {
	_, err := p.set.Apply(ctx, p.silo)
	return err
}

func (p *pair) up1(ctx context.Context) error {
	at, err := p.set.Version(p.silo)
	if err != nil {
		return err
	}
	for _, m := range p.set.Migrations {
		if m.Version > at {
			_, err := p.set.UpTo(m.Version).Apply(ctx, p.silo)
			return err
		}
	}
	return nil
}

func (p *pair) down(ctx context.Context) error {
	at, err := p.set.Version(p.silo)
	if err == nil {
		_, err = p.set.Revert(ctx, p.silo, p.set.Before(at))
	}
	return err
}

func (p *pair) gooseUp(ctx context.Context) error {
	_, err := p.provider.Up(ctx)
	return err
}

func (p *pair) gooseDown(ctx context.Context) error {
	_, err := p.provider.Down(ctx)
	return err
}

func (p *pair) dumpSilo() []string {
	return dumpAll(func(query string) (texts []string, err error) {
		err = p.silo.Query(query, func(s *sqlite.Stmt) { texts = append(texts, s.ColumnText(0)) })
		return texts, err
	}, p.t.Fatalf)
}

func (p *pair) dumpGoose() []string {
	return dumpAll(func(query string) (texts []string, err error) {
		found, err := p.db.Query(query)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, found.Err(), found.Close()) }()
		for found.Next() {
			var text string
			if err := found.Scan(&text); err != nil {
				return nil, err
			}
			texts = append(texts, text)
		}
		return texts, nil
	}, p.t.Fatalf)
}

// dumpAll returns all that is in a database but the ledger, and of times their form.
func dumpAll(query func(string) ([]string, error), fatal func(string, ...any)) (all []string) {
	texts := func(sql string) []string {
		found, err := query(sql)
		if err != nil {
			fatal("%s: %v", sql, err)
		}
		return found
	}
	all = texts("SELECT concat_ws('|', type, name, tbl_name, sql) FROM sqlite_schema WHERE tbl_name <> 'silo_migration' ORDER BY type, name")
	for _, table := range texts("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name <> 'silo_migration' ORDER BY name") {
		columns := texts("SELECT CASE name WHEN 'tstamp' THEN 'length(tstamp)' ELSE 'quote(\"' || name || '\")' END FROM pragma_table_info('" + table + "')")
		all = append(all, table)
		all = append(all, texts("SELECT concat_ws('|', "+strings.Join(columns, ", ")+") FROM \""+table+"\" ORDER BY 1")...)
	}
	return all
}
