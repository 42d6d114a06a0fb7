//go:build memory.counters || libc.memgrind

package tenantdb_test

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
)

// mixed is a schema with what makes statements fail in each way.
type mixed struct{ tenantdb.Tenant }

func (mixed) Migrations() fs.FS {
	return files(notes1, `-- +goose Up
CREATE TABLE things (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	n INTEGER NOT NULL CHECK (n < 1000),
	x REAL,
	at TEXT NOT NULL,
	doc JSON,
	body BLOB
);
CREATE TABLE parts (thing INTEGER NOT NULL REFERENCES things (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, tag TEXT);
-- +goose StatementBegin
CREATE TRIGGER no_bad_tags BEFORE INSERT ON parts WHEN new.tag = 'bad' BEGIN
	SELECT RAISE(FAIL, 'no bad tags');
END;
-- +goose StatementEnd
`)
}

func (s mixed) Origin() tenantdb.Origin { return origin("mixed", s.Migrations()) }

type thing struct {
	ID   int64
	Name string
	N    int64
	X    *float64
	At   time.Time
	Doc  json.RawMessage
	Body []byte
}

func scanThing(r *query.Row, v *thing) {
	v.ID, v.Name, v.N, v.X = r.Int(0), r.Text(1), r.Int(2), r.NullFloat(3)
	v.At, v.Doc, v.Body = r.Time(4), r.NullJSON(5), r.NullBlob(6)
}

const columns = "id, name, n, x, at, doc, body"

func mixedRead(sql string) *query.Statement  { return query.Read("Get", "mixed.sql:1", sql) }
func mixedWrite(sql string) *query.Statement { return query.Write("Put", "mixed.sql:2", sql) }

var (
	getThing      = mixedRead("SELECT " + columns + " FROM things WHERE id = ?1")
	listThings    = mixedRead("SELECT " + columns + " FROM things WHERE n >= ?1 ORDER BY name LIMIT ?2")
	byNames       = mixedRead("SELECT " + columns + " FROM things WHERE name IN (SELECT value FROM json_each(?1))")
	byBodies      = mixedRead("SELECT " + columns + " FROM things WHERE body IN (SELECT unhex(value) FROM json_each(?1))")
	asWrong       = mixedRead("SELECT name, name, name, name, id, body, id FROM things UNION ALL SELECT 1, 2, 3, 4, 5, 6, 7")
	endlessThings = mixedRead("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i = 1")
	noTable       = mixedRead("SELECT nothing FROM nowhere WHERE a = ?1")
	attach        = mixedWrite("ATTACH ?1 AS other")
	changes       = query.ReadInTx("Changes", "mixed.sql:3", "SELECT changes()")

	putThing  = mixedWrite("INSERT INTO things VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
	upThing   = mixedWrite("INSERT INTO things VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET n = excluded.n, body = excluded.body RETURNING " + columns)
	moveThing = mixedWrite("UPDATE things SET n = n + ?2, body = ?3 WHERE id % 7 = ?1 RETURNING id")
	dropThing = mixedWrite("DELETE FROM things WHERE id = ?1 OR id > 300")
	putPart   = mixedWrite("INSERT INTO parts VALUES (?1, 'good'), (?1, ?2)")
	fillUp    = mixedWrite("INSERT INTO parts SELECT 0, hex(randomblob(50)) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)")
)

// text draws one, short mostly.
func (m *mixer) text() string {
	return strings.Repeat(string(rune('a'+m.IntN(26))), [...]int{0, 1, 5, 31, 33, 600, 5000, 20_000, 100_000}[min(m.IntN(9), m.IntN(9), m.IntN(9))])
}

// thing draws the arguments of a row.
func (m *mixer) thing() []query.Value {
	x := m.NormFloat64()
	doc := json.RawMessage([]string{"1", `{"a": [1, "x", null]}`, "1e3", `"` + m.text() + `"`}[m.IntN(4)])
	args := []query.Value{
		query.Int(m.Int64N(200)), query.Text(m.text() + string(rune('a'+m.IntN(26)))), query.Int(m.Int64N(40)), query.NullFloat(&x),
		query.Time(time.UnixMilli(m.Int64N(1 << 40))), query.JSON(doc), query.Blob([]byte(m.text())),
	}
	switch m.IntN(20) {
	case 0:
		args[2] = query.Int(1000) // CHECK
	case 1:
		args[3] = query.Float(math.NaN())
	case 2:
		args[5] = query.JSON(json.RawMessage("{"))
	case 3:
		args = args[:m.IntN(len(args))]
	case 4:
		args[1] = query.Value{} // NOT NULL
	}
	return args
}

// query runs one of them, which may fail, be cancelled, or panic.
func (m *mixer) query(of context.Context, h tenantdb.ReadHandle[mixed], writes bool) {
	ctx, b := m.ending(of), tenantdb.Bind(h)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	scan := scanThing
	switch m.IntN(30) {
	case 0:
		scan = func(*query.Row, *thing) { panic(errMixer) }
	case 1:
		scan = func(r *query.Row, v *thing) { scanThing(r, v); cancel() }
	}
	n := m.IntN(20)
	if writes && m.IntN(2) == 0 {
		n += 20
	}
	var what string
	err := m.apart(func() (err error) { what, err = m.draw(ctx, b, scan, n); return err })
	m.tell(cmp.Or(what, "panic in a query"), err, allowed...)
}

// allowed are the errors that queries may end with.
var allowed = []error{
	errMixer, sql.ErrNoRows, context.Canceled, tenantdb.ErrConstraint, tenantdb.ErrNotAuthorized, tenantdb.ErrTxDone, tenantdb.ErrTxAborted,
	tenantdb.ErrNeedsWrite, tenantdb.ErrNested, tenantdb.ErrWriterBusy, tenantdb.ErrReadersBusy, tenantdb.ErrTooManyOpen,
	errMixed,
}

// errMixed stands for errors that have no name.
var errMixed = errors.New("as it was drawn")

func drawn(err error) error {
	var of *query.Error
	if errors.As(err, &of) {
		return errors.Join(errMixed, err)
	}
	return err
}

// draw runs the query of that number, and tells what it was.
func (m *mixer) draw(ctx context.Context, b query.Binding, scan func(*query.Row, *thing), n int) (what string, err error) {
	switch n {
	case 0:
		_, err = query.Many(ctx, b, noTable, scan, query.Int(1))
		return "unknown table", drawn(err)
	case 1:
		_, err = query.Many(ctx, b, asWrong, scan)
		return "mismatch", drawn(err)
	case 2:
		// The endless one ends with its context, which its first row ends.
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		_, err = query.Many(ctx, b, endlessThings, func(*query.Row, *int) { cancel() })
		return "endless read", err
	case 3:
		_, err = query.One(m.ctx, tenantdb.Bind(m.db), getThing, scan, query.Int(m.Int64N(200)))
		return "one beside", err
	case 4, 5, 6:
		_, err = query.Many(ctx, b, listThings, scan, query.Int(m.Int64N(40)), query.Int(m.Int64N(30)))
		return "many", err
	case 7, 8:
		names := []string{m.text(), m.text() + "a", []string{"x", "\xff"}[m.IntN(8)/7]}
		_, err = query.Many(ctx, b, byNames, scan, query.Texts(names))
		return "by names", drawn(err)
	case 9:
		_, err = query.Many(ctx, b, byBodies, scan, query.Blobs([][]byte{[]byte(m.text()), nil, {}}))
		return "by bodies", err
	case 10:
		_, err = query.One(ctx, b, changes, scanInt)
		return "changes", err
	case 11, 12, 13, 14, 15, 16, 17, 18, 19:
		_, err = query.One(ctx, b, getThing, scan, query.Int(m.Int64N(200)))
		return "one", err
	}
	return m.drawWrite(ctx, b, scan, n)
}

func (m *mixer) drawWrite(ctx context.Context, b query.Binding, scan func(*query.Row, *thing), n int) (what string, err error) {
	switch n {
	case 20:
		return "attach", query.Exec(ctx, b, attach, query.Text("x.db"))
	case 21:
		// A write that would fill the disk is stopped.
		return "endless write", query.Exec(&askedContext{Context: ctx, left: int32(m.IntN(40))}, b, fillUp)
	case 22:
		return "part", drawn(query.Exec(ctx, b, putPart, query.Int(m.Int64N(200)), query.Text([]string{"bad", "good"}[m.IntN(2)])))
	case 23, 24, 25:
		_, err = query.Bulk(ctx, b, putThing, make([]struct{}, m.IntN(20)), func(to []query.Value, _ *struct{}) []query.Value {
			if m.IntN(100) == 0 {
				panic(errMixer)
			}
			return append(to, m.thing()...)
		})
		return "bulk", drawn(err)
	case 26:
		_, err = query.ExecLastID(ctx, b, putThing, m.thing()...)
		return "last id", drawn(err)
	case 27:
		_, err = query.ExecResult(ctx, b, putThing, m.thing()...)
		return "result", drawn(err)
	case 28, 29:
		_, err = query.Many(ctx, b, moveThing, m.scanMoved(), query.Int(m.Int64N(7)), query.Int(m.Int64N(3)), query.Blob([]byte(m.text())))
		return "update", err
	case 30, 31, 32:
		_, err = query.ExecRows(ctx, b, dropThing, query.Int(m.Int64N(200)))
		return "delete rows", err
	case 33, 34, 35:
		return "exec", drawn(query.Exec(ctx, b, putThing, m.thing()...))
	}
	_, err = query.One(ctx, b, upThing, scan, m.thing()...)
	return "upsert", drawn(err)
}

// scanMoved is scanInt, or panics.
func (m *mixer) scanMoved() func(*query.Row, *int64) {
	if m.IntN(20) == 0 {
		return func(*query.Row, *int64) { panic(errMixer) }
	}
	return scanInt
}
