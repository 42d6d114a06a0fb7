package query_test

import (
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb/query"
)

// note is a row of the benchmarks, as generated code would have it.
type note struct {
	ID     int64
	Title  string
	Body   *string
	Score  *float64
	Edited time.Time
}

func scanNote(row *query.Row, n *note) {
	n.ID = row.Int(0)
	n.Title = row.Text(1)
	n.Body = row.NullText(2)
	n.Score = row.NullFloat(3)
	n.Edited = row.Time(4)
}

var notes = []string{
	"CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT, score REAL, edited TEXT NOT NULL)",
	`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
	 INSERT INTO notes SELECT i, 'title ' || i, iif(i % 2, 'body ' || i, NULL), iif(i % 3, i / 7.0, NULL), '2024-02-29 12:00:00.000' FROM n`,
}

func BenchmarkPointRead(b *testing.B) {
	_, binding := open(b, notes...)
	st := read("SELECT id, title, body, score, edited FROM notes WHERE id = ?1")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := query.One(b.Context(), binding, st, scanNote, query.Int(51)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMany100RowsOf5Columns(b *testing.B) {
	_, binding := open(b, notes...)
	st := read("SELECT id, title, body, score, edited FROM notes")
	b.ReportAllocs()
	for b.Loop() {
		if rows, err := query.Many(b.Context(), binding, st, scanNote); err != nil || len(rows) != 100 {
			b.Fatal(len(rows), err)
		}
	}
}

func BenchmarkExecOfAnUpdate(b *testing.B) {
	_, binding := open(b, notes...)
	st := write("UPDATE notes SET title = ?1 WHERE id = ?2")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := query.ExecRows(b.Context(), binding, st, query.Text("another title"), query.Int(51)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAListOf100(b *testing.B) {
	_, binding := open(b, notes...)
	ints, texts := make([]int64, 100), make([]string, 100)
	for i := range ints {
		ints[i], texts[i] = int64(i)<<40, "title of some length"
	}
	st := read("SELECT count(*) FROM json_each(?1)")
	for name, list := range map[string]func() query.Value{
		"ints":  func() query.Value { return query.Ints(ints) },
		"texts": func() query.Value { return query.Texts(texts) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if n, err := query.One(b.Context(), binding, st, scanInt, list()); err != nil || n != 100 {
					b.Fatal(n, err)
				}
			}
		})
	}
}
