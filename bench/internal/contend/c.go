//go:build cgo

package contend

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/silokit/silo/bench/internal/data"
	"github.com/silokit/silo/bench/internal/native"
)

// C is the same SQL in C, one transaction a read.
var C = Contender{
	Name:    "C",
	About:   "the same SQL in C, in loops that are in C too; texts are copied, times stay text; no context, no results in Go",
	Schemas: []Schema{Product, Fleet},
	Bare:    true,
	Open: func(ctx context.Context, options Options) (Tenants, error) {
		return openFiles(ctx, options, "c", func(path string) (file, error) { return openC(path, options.Schema) })
	},
}

// cFile is a connection and its programs, of each kind one.
type cFile struct {
	path   string
	schema Schema
	conn   *native.Conn
	kinds  [Kinds]*native.Program
	count  *native.Program
	add    *native.Program
}

func openC(path string, schema Schema) (*cFile, error) {
	conn, err := native.Open(path)
	if err != nil {
		return nil, err
	}
	f := &cFile{path: path, schema: schema, conn: conn}
	for _, s := range statements[schema] {
		sets := make([][]any, 2*data.Variants) // so many, for ChangeAt repeats after them
		for i := range sets {
			sets[i] = s.values(i)
		}
		program, err := conn.Prepare(s.sql, sets)
		if err != nil {
			return nil, err
		}
		for _, kind := range s.kinds {
			f.kinds[kind] = program
		}
	}
	for _, s := range []struct {
		to  **native.Program
		sql string
		set func(int) []any
	}{{&f.count, counting[schema], func(int) []any { return nil }}, {&f.add, adding[schema].sql, adding[schema].values}} {
		sets := make([][]any, data.Variants)
		for i := range sets {
			sets[i] = s.set(i)
		}
		if *s.to, err = conn.Prepare(s.sql, sets); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *cFile) View(context.Context) (Tenant, error) { return &cTenant{cFile: f}, nil }

func (f *cFile) Close() error { return f.conn.Close() }

// cTenant does single operations from Go, to have their results compared, and many in C.
type cTenant struct {
	*cFile
	last string
}

// Loop implements [Looper].
func (t *cTenant) Loop(kind Kind, from, n int) error {
	switch kind {
	case Bulk5:
		return t.kinds[kind].LoopTx(from, n, 5)
	case Bulk100:
		return t.kinds[kind].LoopTx(from, n, 100)
	default:
		return t.kinds[kind].Loop(from, n)
	}
}

// once runs a program from Go and keeps its rows in the form that is compared.
func (t *cTenant) once(p *native.Program, i int) error {
	rows, changed, err := p.Rows(i)
	if err != nil {
		return err
	}
	t.last = strconv.Itoa(changed)
	if rows != nil {
		lines := make([]string, len(rows))
		for i, row := range rows {
			lines[i] = t.form(row)
		}
		t.last = strings.Join(lines, "\n")
	}
	return nil
}

// form writes a row in the form that is compared.
func (t *cTenant) form(row []any) string {
	fields := make([]string, 0, len(row))
	if t.schema == Product && len(row) == 7 {
		if _, isID := row[0].(int64); isID {
			row = row[1:] // of the audit log
		} else {
			row[3] = row[3] == int64(1) // a module's enabled
		}
	} else if len(row) == 7 {
		row = row[1:] // of positions
	}
	for _, value := range row {
		switch v := value.(type) {
		case nil:
			fields = append(fields, "NULL")
		case []byte:
			fields = append(fields, string(v))
		case string:
			if at, err := time.Parse(data.TimeFormat, v); err == nil {
				v = presence(at)
			}
			fields = append(fields, v)
		default:
			fields = append(fields, fmt.Sprint(v))
		}
	}
	return join(fields...)
}

func (t *cTenant) Point(i int) error { return t.once(t.kinds[Point], i) }

func (t *cTenant) Text(i int) error { return t.once(t.kinds[Text], i) }

func (t *cTenant) Insert(i int) error { return t.once(t.kinds[Insert], i) }

func (t *cTenant) Update(i int) error { return t.once(t.kinds[Update], i) }

func (t *cTenant) Upsert(i int) error { return t.once(t.kinds[Upsert], i) }

func (t *cTenant) Add(i int) error { return t.once(t.add, i) }

func (t *cTenant) List(rows int) error {
	switch rows {
	case 10:
		return t.once(t.kinds[List10], 0)
	case 100:
		return t.once(t.kinds[List100], 0)
	}
	for i := range data.Variants {
		if data.LimitAt(i) == rows {
			return t.once(t.kinds[ListVarying], i)
		}
	}
	return errNotHere
}

func (t *cTenant) Count() (int64, error) {
	rows, _, err := t.count.Rows(0)
	if err != nil {
		return 0, err
	}
	return rows[0][0].(int64), nil
}

func (t *cTenant) Bulk(i, rows int) error {
	t.last = strconv.Itoa(rows)
	return t.kinds[Bulk5].LoopTx(i, 1, rows)
}

func (t *cTenant) Last() string { return t.last }

// Again opens another connection, for another thread.
func (t *cTenant) Again() (Tenant, error) {
	f, err := openC(t.path, t.schema)
	if err != nil {
		return nil, err
	}
	return &cTenant{cFile: f}, nil
}
