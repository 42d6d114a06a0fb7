package driver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Session is a tenant's database with the generated queries on it.
type Session struct {
	Context context.Context // carries the tenant
	Queries any
	// Unexported has the methods that only the generated package can call, by name.
	Unexported map[string]any
	File       string // the tenant's file
	Close      func() error
	// Mismatch returns the result column of which an error says that its value is none
	// of the Go type's. ok is false for other errors.
	Mismatch func(error) (column string, ok bool)
	// Excuse says why an error of a generated query is none by hand and yet right, such
	// as a function that the runtime gives no meaning to; "" when it does not know.
	Excuse func(error) string
	// Class names what kind of error a generated query ended with, in the words of the
	// function Class.
	Class func(error) string
}

// Open opens the tenant of a data folder, making it when it does not exist.
type Open func(ctx context.Context, folder string) (*Session, error)

// unit is a unit being run.
type unit struct {
	task   Task
	open   Open
	folder string // of its own
	tables []*table
	pool   *pool
}

// Run runs the queries of a unit. Draws is how many times each is run.
func Run(ctx context.Context, task Task, open Open, folder string, seed uint64, draws int) ([]Verdict, error) {
	u := &unit{task: task, open: open, folder: folder, pool: newPool(seed, task.Package)}
	if err := u.prepare(ctx); err != nil {
		return nil, fmt.Errorf("%s: fill the tables: %w", task.Package, err)
	}
	var verdicts []Verdict
	for _, q := range task.Queries {
		v := Verdict{Package: task.Package, Query: q.Name}
		if err := u.query(ctx, q, draws, &v); err != nil {
			v.Skipped = err.Error()
		}
		verdicts = append(verdicts, v)
	}
	return verdicts, nil
}

func (u *unit) data() string     { return filepath.Join(u.folder, "data") }
func (u *unit) template() string { return filepath.Join(u.folder, "template.db") }
func (u *unit) hand() string     { return filepath.Join(u.folder, "hand.db") }

// prepare makes the tenant and fills it. The filled file is what each run begins with.
func (u *unit) prepare(ctx context.Context) (err error) {
	s, err := u.open(ctx, u.data())
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	db, err := open(s.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if u.tables, err = readSchema(ctx, db); err != nil {
		return err
	}
	if err := u.pool.fill(ctx, db, u.tables); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return err
	}
	return copyFile(u.template(), s.File)
}

func copyFile(to, from string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		if err := os.Remove(to + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return os.WriteFile(to, data, 0o600)
}

// query runs one query several times, and stops at the first difference.
func (u *unit) query(ctx context.Context, q Query, draws int, v *Verdict) error {
	if u.byChance(q.Statement) {
		v.Skipped = "it uses chance"
		return nil
	}
	if strings.HasPrefix(q.Command, ":copyfrom") || strings.HasPrefix(q.Command, ":batch") {
		v.Skipped = "the command has no counterpart by hand"
		return nil
	}
	p := newPool(u.pool.random.Uint64(), q.Name)
	p.values, p.known = u.pool.values, u.pool.known
	// One that has failed each time may have met a constraint by bad luck: it gets more
	// draws before that is said of it.
	for n := 0; n < draws || v.Never != "" && n < patience*draws; n++ {
		different, err := u.draw(ctx, p, q, v, n == 0)
		if err != nil {
			return err
		}
		if different {
			return nil
		}
		if len(q.Statement.Params) == 0 {
			break
		}
	}
	if v.Draws == 0 {
		return errNoDraw
	}
	return nil
}

// patience is how many times as many draws a query gets that never succeeds.
const patience = 4

// errNoDraw is why a query is not compared of which every run was left out.
var errNoDraw = fmt.Errorf("it always gives more than %d rows, or a value that its author has promised it does not", mostRows)

// draw runs a query once each way and compares.
func (u *unit) draw(ctx context.Context, p *pool, q Query, v *Verdict, first bool) (different bool, err error) {
	db, err := u.freshHand()
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	file := filepath.Join(u.data(), "tenants", "corpus.db")
	if err := copyFile(file, u.template()); err != nil {
		return false, err
	}
	s, err := u.open(ctx, u.data())
	if err != nil {
		return false, err
	}
	got, want, values, err := u.both(ctx, s, db, p, q)
	if errors.Is(want.err, errManyRows) {
		return false, s.Close() // other arguments may give fewer
	}
	if err != nil {
		return false, errors.Join(err, s.Close())
	}
	if err := s.Close(); err != nil {
		return false, err
	}
	if _, mismatch := s.Mismatch(got.err); mismatch && want.err == nil && (q.Promised || overflowed(want.rows)) {
		return false, nil // the values that were drawn do not keep the promise, or go too far; others may
	}
	switch {
	case want.err == nil:
		v.Never = ""
	case first || v.Never != "":
		v.Never = want.err.Error()
	}
	if q.Command == ":one" && want.err == nil && len(want.rows) == 0 {
		want.err = sql.ErrNoRows
	}
	got.class, want.class = s.Class(got.err), Class(want.err)
	want.after, want.stored = contents(ctx, db, u.tables)
	got.after, got.stored = u.stored(ctx, s.File)
	v.Draws++
	v.Rows += len(want.rows)
	text := compare(q, got, want)
	if text == "" {
		return false, nil
	}
	text = fmt.Sprintf("%s; with %s", text, showAll(values))
	keyless, err := u.keyless(ctx, db, s, got.err)
	if err != nil {
		return false, err
	}
	switch excuse := s.Excuse(got.err); {
	case got.err != nil && excuse != "":
		v.Skipped = excuse + ": " + text
	case keyless:
		v.Skipped = "it leaves a row whose key is NULL, which no query can read: " + text
	case u.overridden(s, got.err):
		v.Skipped = "the project chose the Go type: " + text
	default:
		v.Wrong = text
	}
	v.Never = ""
	return true, nil
}

func showAll(values [][]any) string {
	var all []string
	for _, value := range values {
		all = append(all, show(value))
	}
	return strings.Join(all, " ")
}

func (u *unit) both(ctx context.Context, s *Session, db *sql.DB, p *pool, q Query) (got, want outcome, values [][]any, err error) {
	m, err := find(s, q)
	if err != nil {
		return got, want, nil, err
	}
	p.aim(u.tables, q.Statement)
	given, values, err := p.arguments(m, q.Statement)
	if err != nil {
		return got, want, nil, err
	}
	if want = runByHand(ctx, db, q, values); errors.Is(want.err, errManyRows) {
		return got, want, values, nil
	}
	got = m.run(s.Context, given, q.Command)
	return got, want, values, nil
}

func (u *unit) freshHand() (*sql.DB, error) {
	if err := copyFile(u.hand(), u.template()); err != nil {
		return nil, err
	}
	return open(u.hand())
}

// stored returns what a file's tables hold.
func (u *unit) stored(ctx context.Context, file string) (rows []string, err error) {
	db, err := open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return contents(ctx, db, u.tables)
}
