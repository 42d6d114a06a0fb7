package driver

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const testSchema = `
CREATE TABLE IF NOT EXISTS owners (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS pets (
	id INTEGER PRIMARY KEY,
	owner_id INTEGER NOT NULL REFERENCES owners (id),
	kind TEXT NOT NULL CHECK (kind IN ('cat', 'dog')),
	born DATETIME,
	weight REAL NOT NULL
);`

// Pet is a row as a generator would declare it.
type Pet struct {
	ID      int64
	OwnerID int64
	Kind    string
	Born    *time.Time
	Weight  float64
}

// FindParams are arguments in another order than the statement's.
type FindParams struct {
	Kind    string
	OwnerID int64
}

// queries has right methods and, for each way to be wrong, one of that kind.
type queries struct{ db *sql.DB }

const findSQL = `SELECT id, owner_id, kind, born, weight FROM pets WHERE owner_id = ? AND kind = ? ORDER BY id`

// Find is right.
func (q *queries) Find(ctx context.Context, arg FindParams) ([]Pet, error) {
	return q.pets(ctx, findSQL, arg.OwnerID, arg.Kind)
}

// Truncated leaves a condition out, as a text that was cut short does.
func (q *queries) Truncated(ctx context.Context, arg FindParams) ([]Pet, error) {
	return q.pets(ctx, `SELECT id, owner_id, kind, born, weight FROM pets WHERE owner_id = ? ORDER BY id`, arg.OwnerID)
}

// Swapped binds the arguments in the wrong order.
func (q *queries) Swapped(ctx context.Context, arg FindParams) ([]Pet, error) {
	return q.pets(ctx, findSQL, arg.Kind, arg.OwnerID)
}

// Backwards returns the rows in another order.
func (q *queries) Backwards(ctx context.Context) ([]Pet, error) {
	return q.pets(ctx, `SELECT id, owner_id, kind, born, weight FROM pets ORDER BY id DESC`)
}

// List is right.
func (q *queries) List(ctx context.Context, ids []int64) ([]Pet, error) {
	places := strings.TrimSuffix(strings.Repeat("?,", len(ids)), ",")
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return q.pets(ctx, `SELECT id, owner_id, kind, born, weight FROM pets WHERE id IN (`+places+`)`, args...)
}

// Lost gives no value where there is one.
func (q *queries) Lost(ctx context.Context) ([]Pet, error) {
	pets, err := q.pets(ctx, `SELECT id, owner_id, kind, born, weight FROM pets`)
	for i := range pets {
		pets[i].Born = nil
	}
	return pets, err
}

// Grow is right.
func (q *queries) Grow(ctx context.Context, id int64) (int64, error) {
	return q.affected(ctx, `UPDATE pets SET weight = weight + 1 WHERE id = ?`, id)
}

// GrowAll writes more than it should and counts as if it did not.
func (q *queries) GrowAll(ctx context.Context, id int64) (int64, error) {
	if _, err := q.affected(ctx, `UPDATE pets SET weight = weight + 2 WHERE id <> ?`, id); err != nil {
		return 0, err
	}
	return q.Grow(ctx, id)
}

// Fails gives an error that there is none of by hand.
func (q *queries) Fails(context.Context) (int64, error) { return 0, errors.New("no") }

// OtherError gives an error of another class than there is by hand.
func (q *queries) OtherError(ctx context.Context) (int64, error) {
	return q.affected(ctx, `INSERT INTO owners (name) VALUES (NULL)`)
}

// Panics does.
func (q *queries) Panics(context.Context) (int64, error) { panic("no") }

func (q *queries) affected(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := q.db.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (q *queries) pets(ctx context.Context, query string, args ...any) ([]Pet, error) {
	rows, err := queryRows(ctx, q.db, query, args...)
	if err != nil {
		return nil, err
	}
	var pets []Pet
	for _, row := range rows {
		pet := Pet{ID: row[0].(int64), OwnerID: row[1].(int64), Kind: row[2].(string), Weight: row[4].(float64)}
		if born, ok := row[3].(time.Time); ok {
			pet.Born = &born
		}
		pets = append(pets, pet)
	}
	return pets, nil
}

func openTest(ctx context.Context, folder string) (*Session, error) {
	file := filepath.Join(folder, "tenants", "corpus.db")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	db, err := open(file)
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, testSchema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	no := func(error) (string, bool) { return "", false }
	return &Session{Context: ctx, Queries: &queries{db}, File: file, Close: db.Close, Mismatch: no, Excuse: func(error) string { return "" }, Class: Class}, nil
}

func text(parts ...any) Statement {
	var s Statement
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			s.Parts = append(s.Parts, Part{Text: part})
		case Param:
			s.Params = append(s.Params, part)
			s.Parts = append(s.Parts, Part{Param: len(s.Params)})
		}
	}
	return s
}

func TestWhatDiffersFromItsSQLIsWrongAndNothingElse(t *testing.T) {
	find := text("SELECT * FROM pets WHERE owner_id = ", Param{Name: "owner_id"}, " AND kind = ", Param{Name: "kind"}, " ORDER BY id")
	all := text("SELECT * FROM pets ORDER BY id")
	grow := text("UPDATE pets SET weight = weight + 1 WHERE id = ", Param{Name: "id"})
	nothing := text("UPDATE pets SET weight = 1 WHERE id IS NULL")
	tests := []struct {
		name, command string
		statement     Statement
		wrong         string
	}{
		{"Find", ":many", find, ""},
		{"List", ":many", text("SELECT * FROM pets WHERE id IN (", Param{Name: "ids", Kind: List}, ")"), ""},
		{"Grow", ":execrows", grow, ""},
		{"Truncated", ":many", find, "rows, by hand"},
		{"Swapped", ":many", find, "rows, by hand"},
		{"Backwards", ":many", all, "another order"},
		{"Lost", ":many", all, "is not among those by hand"},
		{"GrowAll", ":execrows", grow, "is in the tables afterwards"},
		{"OtherError", ":execrows", text("INSERT INTO owners (id, name) SELECT id, name FROM owners"), "class"},
		{"Fails", ":execrows", nothing, "error no, by hand <nil>"},
		{"Panics", ":execrows", nothing, "error panic: no"},
	}
	task := Task{Package: "pets"}
	for _, test := range tests {
		task.Queries = append(task.Queries, Query{Name: test.name, Command: test.command, Statement: test.statement})
	}
	verdicts, err := Run(t.Context(), task, openTest, t.TempDir(), 1, 30)
	if err != nil {
		t.Fatal(err)
	}
	for i, test := range tests {
		v := verdicts[i]
		if v.Skipped != "" || (v.Wrong == "") != (test.wrong == "") || !strings.Contains(v.Wrong, test.wrong) {
			t.Errorf("%s: wrong %q, skipped %q; want wrong %q", test.name, v.Wrong, v.Skipped, test.wrong)
		}
		if test.wrong == "" && v.Draws != 30 {
			t.Errorf("%s was compared %d times, want 30", test.name, v.Draws)
		}
	}
}

func TestTheSameSeedDrawsTheSame(t *testing.T) {
	task := Task{Package: "pets", Queries: []Query{{Name: "Swapped", Command: ":many", Statement: text("SELECT * FROM pets WHERE owner_id = ", Param{Name: "owner_id"}, " AND kind = ", Param{Name: "kind"})}}}
	var first []Verdict
	for range 3 {
		verdicts, err := Run(t.Context(), task, openTest, t.TempDir(), 7, 30)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = verdicts
		}
		if diff := cmp.Diff(first, verdicts); diff != "" {
			t.Error(diff)
		}
	}
}

func TestAMethodOfAnotherShapeIsNotRun(t *testing.T) {
	for _, q := range []Query{
		{Name: "Absent", Command: ":many", Statement: text("SELECT 1")},
		{Name: "Find", Command: ":many", Statement: text("SELECT * FROM pets WHERE id = ", Param{Name: "id"})},
		{Name: "Grow", Command: ":execrows", Statement: text("SELECT 1 IN (", Param{Name: "id", Kind: List}, ")")},
	} {
		verdicts, err := Run(t.Context(), Task{Package: "pets", Queries: []Query{q}}, openTest, t.TempDir(), 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(verdicts[0].Skipped, errShape.Error()) {
			t.Errorf("%s: %+v", q.Name, verdicts[0])
		}
	}
}

func TestListsAreWrittenOutBehindOtherParameters(t *testing.T) {
	s := text("a IN (", Param{Kind: List}, ") AND b = ", Param{}, " AND c IN (", Param{Kind: List}, ")")
	got, args := s.sql([][]any{{int64(1), int64(2)}, {"x"}, {}})
	if diff := cmp.Diff("a IN (?4,?5) AND b = ?2 AND c IN ()", got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{nil, "x", nil, int64(1), int64(2)}, args); diff != "" {
		t.Error(diff)
	}
}

func TestValuesAreTheSameOnlyInTheSameKind(t *testing.T) {
	at := time.Date(2010, 1, 2, 3, 4, 5, 0, time.UTC)
	now := time.Now().UTC()
	tests := []struct {
		got, want any
		same      bool
	}{
		{nil, nil, true},
		{int64(1), nil, false},
		{nil, int64(0), false},
		{"", nil, false},
		{int64(1), int64(1), true},
		{int64(1), 1.0, false},
		{1.0, int64(1), true},
		{"1", int64(1), true},
		{"x", int64(1), false},
		{true, int64(1), true},
		{true, int64(2), false},
		{[]byte("a"), []byte("a"), true},
		{[]byte("a"), []byte("b"), false},
		{[]byte("a"), "a", true},
		{"a", []byte("a"), false},
		{at, "2010-01-02 03:04:05.000", true},
		{at, "2010-01-02 03:04:06.000", false},
		{"2010-01-02", time.Date(2010, 1, 2, 0, 0, 0, 0, time.UTC), true},
		{now.Format(timeLayout), now.Add(time.Second).Format(timeLayout), true},
		{now, now.Add(time.Second), true},
		{at, at.Add(time.Second), false},
		{now.AddDate(0, 0, 14), now.AddDate(0, 0, 14).Add(time.Millisecond), true},
		{now.AddDate(0, 0, 14).Unix(), now.AddDate(0, 0, 14).Unix() + 1, true},
		{now.AddDate(0, 0, 14), now.AddDate(0, 0, 15), false},
		{now.AddDate(0, 0, 14).Unix(), now.AddDate(0, 0, 15).Unix(), false},
		{now.AddDate(0, 0, 14).Add(5 * time.Hour), now.AddDate(0, 0, 14).Add(5*time.Hour + time.Second), false},
		{int64(5), int64(6), false},
	}
	for _, test := range tests {
		if same(test.got, test.want) != test.same {
			t.Errorf("same(%#v, %#v) is %v", test.got, test.want, !test.same)
		}
	}
}
