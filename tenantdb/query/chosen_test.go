package query_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb/query"
)

// Types as an author chooses them.
type (
	level    int8
	size     uint16
	ratio    float32
	status   string
	flag     bool
	digest   []byte
	optional *status
	nothing  struct{}
	document json.RawMessage
)

// colour is stored by its name, and tells what its Scan was given.
type colour struct {
	name  string
	given any
}

func (c *colour) Scan(src any) error {
	if c.given = src; src == "bad" {
		return errColour
	}
	c.name = fmt.Sprint(src)
	return nil
}

func (c colour) Value() (driver.Value, error) {
	if c.name == "bad" {
		return nil, errColour
	}
	return c.name, nil
}

var errColour = errors.New("no such colour")

// odd is a Valuer that returns what no Valuer may.
type odd struct{}

func (odd) Value() (driver.Value, error) { return 7, nil }

// byPointer has its methods on the pointer only.
type byPointer struct{ n int64 }

func (p *byPointer) Value() (driver.Value, error) { return p.n, nil }
func (p *byPointer) Scan(src any) error           { p.n, _ = src.(int64); return nil }

// clock takes a time only, as Scanners made for other drivers do.
type clock struct{ at time.Time }

func (c *clock) Scan(src any) (err error) {
	var ok bool
	if c.at, ok = src.(time.Time); !ok {
		err = fmt.Errorf("a clock is no %T", src)
	}
	return err
}

// back sends v through SQLite and back.
func back[T any](b query.Binding, t *testing.T, v T) (T, error) {
	return echo(t, b, query.Arg(v), query.Get[T])
}

// keeps fails the test unless v comes back as it was.
func keeps[T any](rt *rapid.T, t *testing.T, b query.Binding, v T) {
	rt.Helper()
	got, err := back(b, t, v)
	if diff := cmp.Diff(v, got, cmp.AllowUnexported(byPointer{}), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); err != nil || diff != "" {
		rt.Fatalf("%T: %v\n%s", v, err, diff)
	}
}

func TestAnAuthorsTypeComesBackAsItWas(t *testing.T) {
	_, b := open(t)
	rapid.Check(t, func(rt *rapid.T) {
		keeps(rt, t, b, rapid.Int().Draw(rt, "int"))
		keeps(rt, t, b, level(rapid.Int8().Draw(rt, "int8")))
		keeps(rt, t, b, rapid.Int64().Draw(rt, "int64"))
		keeps(rt, t, b, size(rapid.Uint16().Draw(rt, "uint16")))
		keeps(rt, t, b, rapid.Uint64Max(math.MaxInt64).Draw(rt, "uint64"))
		keeps(rt, t, b, rapid.Float64().Draw(rt, "float64"))
		keeps(rt, t, b, ratio(rapid.Float32().Draw(rt, "float32")))
		word := status(rapid.String().Draw(rt, "string"))
		keeps(rt, t, b, word)
		keeps(rt, t, b, string(word))
		keeps(rt, t, b, optional(&word))
		keeps(rt, t, b, &word)
		keeps(rt, t, b, flag(rapid.Bool().Draw(rt, "bool")))
		bytes := rapid.SliceOf(rapid.Byte()).Draw(rt, "bytes")
		keeps(rt, t, b, digest(bytes))
		keeps(rt, t, b, bytes)
		keeps(rt, t, b, document(bytes))
		keeps(rt, t, b, cut(anyTime(rt, "at")).UTC())
		keeps(rt, t, b, byPointer{rapid.Int64().Draw(rt, "pointer's")})
		keeps(rt, t, b, &byPointer{rapid.Int64().Draw(rt, "a pointer's")})
		keeps(rt, t, b, netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(rt, "address"))))
		keeps(rt, t, b, sql.NullTime{Time: cut(anyTime(rt, "null time")).UTC(), Valid: true})
		keeps(rt, t, b, sql.Null[status]{V: word, Valid: true})
		keeps(rt, t, b, json.RawMessage(`{"a": [1]}`))
	})
}

func TestNilOfAnAuthorsTypeIsNullAndBack(t *testing.T) {
	_, b := open(t)
	rapid.Check(t, func(rt *rapid.T) {
		keeps(rt, t, b, optional(nil))
		keeps(rt, t, b, (*int)(nil))
		keeps(rt, t, b, (**int)(nil))
		keeps(rt, t, b, digest(nil))
		keeps(rt, t, b, json.RawMessage(nil))
		keeps(rt, t, b, sql.NullTime{})
		keeps(rt, t, b, sql.Null[status]{})
		keeps[any](rt, t, b, nil)
		keeps(rt, t, b, (*netip.Addr)(nil))
	})
	var none *colour // whose Value method is of what it points to
	if got, err := echo(t, b, query.Arg(none), query.Get[*colour]); err != nil || got != nil {
		t.Errorf("a nil Valuer is %v, %v", got, err)
	}
}

func TestAScannerIsGivenTheValueOfItsClass(t *testing.T) {
	_, b := open(t)
	for text, want := range map[string]any{"7": int64(7), "0.5": 0.5, "'red'": "red", "x'00ff'": []byte{0, 255}, "NULL": nil, "'2024-02-29'": "2024-02-29"} {
		got, err := query.One(t.Context(), b, read("SELECT "+text), func(r *query.Row, v *colour) { *v = query.Get[colour](r, 0) })
		if diff := cmp.Diff(want, got.given); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", text, err, diff)
		}
		value, err := query.One(t.Context(), b, read("SELECT "+text), func(r *query.Row, v *any) { *v = query.Get[any](r, 0) })
		if diff := cmp.Diff(want, value); err != nil || diff != "" {
			t.Errorf("%s as any: %v\n%s", text, err, diff)
		}
	}
}

func TestAScannerThatTakesTimesOnlyIsGivenOne(t *testing.T) {
	_, b := open(t)
	got, err := echo(t, b, query.Text("2024-02-29 12:00:00.000"), query.Get[clock])
	if want := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC); err != nil || !got.at.Equal(want) {
		t.Errorf("got %v, %v", got.at, err)
	}
	if _, err := echo(t, b, query.Text("noon"), query.Get[clock]); err == nil || !strings.Contains(err.Error(), "Scan of type query_test.clock: a clock is no string") {
		t.Errorf("got %v", err)
	}
}

func TestNumbersThatAColumnMadeOfTextAreReadAsText(t *testing.T) {
	_, b := open(t)
	for text, want := range map[string]string{"7": "7", "-9223372036854775808": "-9223372036854775808", "12.5": "12.5", "'7'": "7"} {
		got, err := query.One(t.Context(), b, read("SELECT "+text), func(r *query.Row, v *status) { *v = query.Get[status](r, 0) })
		if err != nil || string(got) != want {
			t.Errorf("%s is read as %q, %v", text, got, err)
		}
	}
}

func TestAColumnThatAnAuthorsTypeDoesNotHoldIsAMismatch(t *testing.T) {
	_, b := open(t)
	for _, tt := range []struct {
		sql  string
		get  func(*query.Row)
		want query.MismatchError
	}{
		{"128", func(r *query.Row) { query.Get[level](r, 0) }, query.MismatchError{Holds: "an INTEGER out of range", Wants: "query_test.level"}},
		{"-1", func(r *query.Row) { query.Get[uint64](r, 0) }, query.MismatchError{Holds: "an INTEGER out of range", Wants: "uint64"}},
		{"65536", func(r *query.Row) { query.Get[size](r, 0) }, query.MismatchError{Holds: "an INTEGER out of range", Wants: "query_test.size"}},
		{"1e39", func(r *query.Row) { query.Get[ratio](r, 0) }, query.MismatchError{Holds: "a REAL out of range", Wants: "query_test.ratio"}},
		{"1.0", func(r *query.Row) { query.Get[int](r, 0) }, query.MismatchError{Holds: "REAL", Wants: "INTEGER"}},
		{"'1'", func(r *query.Row) { query.Get[int](r, 0) }, query.MismatchError{Holds: "TEXT", Wants: "INTEGER"}},
		{"2", func(r *query.Row) { query.Get[flag](r, 0) }, query.MismatchError{Holds: "an INTEGER other than 0 and 1", Wants: "a boolean"}},
		{"9e999", func(r *query.Row) { query.Get[status](r, 0) }, query.MismatchError{Holds: "an infinite REAL", Wants: "TEXT or a number"}},
		{"x''", func(r *query.Row) { query.Get[status](r, 0) }, query.MismatchError{Holds: "BLOB", Wants: "TEXT"}},
		{"1", func(r *query.Row) { query.Get[digest](r, 0) }, query.MismatchError{Holds: "INTEGER", Wants: "TEXT or BLOB"}},
		{"1", func(r *query.Row) { query.Get[netip.Addr](r, 0) }, query.MismatchError{Holds: "INTEGER", Wants: "TEXT"}},
		{"'x'", func(r *query.Row) { query.Get[*int](r, 0) }, query.MismatchError{Holds: "TEXT", Wants: "INTEGER"}},
		{"NULL", func(r *query.Row) { query.Get[int](r, 0) }, query.MismatchError{Holds: "NULL", Wants: "INTEGER"}},
		{"NULL", func(r *query.Row) { query.Get[string](r, 0) }, query.MismatchError{Holds: "NULL", Wants: "TEXT"}},
		{"NULL", func(r *query.Row) { query.Get[time.Time](r, 0) }, query.MismatchError{Holds: "NULL", Wants: "TEXT"}},
		{"NULL", func(r *query.Row) { query.Get[netip.Addr](r, 0) }, query.MismatchError{Holds: "NULL", Wants: "TEXT"}},
	} {
		_, err := query.One(t.Context(), b, read("SELECT "+tt.sql+" AS c"), func(r *query.Row, _ *int) { tt.get(r) })
		var mismatch *query.MismatchError
		tt.want.Column = "c"
		if !errors.As(err, &mismatch) {
			t.Errorf("%s as %s: %v", tt.sql, tt.want.Wants, err)
		} else if diff := cmp.Diff(tt.want, *mismatch); diff != "" {
			t.Errorf("%s: %s", tt.sql, diff)
		}
	}
}

func TestAFloat32IsRounded(t *testing.T) {
	_, b := open(t)
	if got, err := echo(t, b, query.Float(0.1), query.Get[ratio]); err != nil || got != 0.1 {
		t.Errorf("0.1 is %v, %v", got, err)
	}
	if got, err := echo(t, b, query.Float(math.Inf(1)), query.Get[float32]); err != nil || !math.IsInf(float64(got), 1) {
		t.Errorf("infinity is %v, %v", got, err)
	}
}

func TestATypeWithoutAPlaceInSQLiteIsAnError(t *testing.T) {
	_, b := open(t)
	for name, tt := range map[string]struct {
		call func(*query.Row)
		want query.TypeError
	}{
		"struct":    {func(r *query.Row) { query.Get[nothing](r, 0) }, query.TypeError{Type: "query_test.nothing", Column: "c"}},
		"map":       {func(r *query.Row) { query.Get[map[string]int](r, 0) }, query.TypeError{Type: "map[string]int", Column: "c"}},
		"slice":     {func(r *query.Row) { query.Get[[]string](r, 0) }, query.TypeError{Type: "[]string", Column: "c"}},
		"interface": {func(r *query.Row) { query.Get[fmt.Stringer](r, 0) }, query.TypeError{Type: "fmt.Stringer", Column: "c"}},
		"pointer":   {func(r *query.Row) { query.Get[*nothing](r, 0) }, query.TypeError{Type: "query_test.nothing", Column: "c"}},
	} {
		_, err := query.One(t.Context(), b, read("SELECT 'text' AS c"), func(r *query.Row, _ *int) { tt.call(r) })
		var of *query.TypeError
		if !errors.As(err, &of) || *of != tt.want || !strings.Contains(err.Error(), "neither is a basic kind nor implements sql.Scanner") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for name, value := range map[string]query.Value{"struct": query.Arg(nothing{}), "map": query.Arg(map[string]int{}), "pointer": query.Arg(&nothing{}), "func": query.Arg(t.Run)} {
		var of *query.TypeError
		_, err := echo(t, b, value, (*query.Row).Int)
		if !errors.As(err, &of) || of.Column != "" || !strings.Contains(err.Error(), "neither is a basic kind nor implements driver.Valuer") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestWhatAnAuthorsMethodReturnsIsWrapped(t *testing.T) {
	_, b := open(t)
	_, scanErr := echo(t, b, query.Text("bad"), query.Get[colour])
	_, valueErr := echo(t, b, query.Arg(colour{name: "bad"}), query.Get[colour])
	for method, err := range map[string]error{"Scan": scanErr, "Value": valueErr} {
		var of *query.ConversionError
		if !errors.Is(err, errColour) || !errors.As(err, &of) || of.Method != method || of.Type != "query_test.colour" {
			t.Errorf("%s: got %v", method, err)
		}
	}
	_, textErr := echo(t, b, query.Text("not an address"), query.Get[netip.Addr])
	_, oddErr := echo(t, b, query.Arg(odd{}), query.Get[int])
	_, largeErr := echo(t, b, query.Arg(uint64(math.MaxUint64)), query.Get[uint64])
	for want, err := range map[string]error{
		"column ?1: UnmarshalText of type netip.Addr: ":                             textErr,
		"argument 1: Value of type query_test.odd: it returned a int: return int64": oddErr,
		"argument 1: 18446744073709551615 is larger than any INTEGER":               largeErr,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestAMarshalerByPointerIsStoredAsText(t *testing.T) {
	_, b := open(t)
	number := *new(big.Int).Exp(big.NewInt(10), big.NewInt(40), nil)
	got, err := back(b, t, number)
	if err != nil || got.Cmp(&number) != 0 {
		t.Errorf("%v, %v", &got, err)
	}
}

func TestAPanicOfAnAuthorsMethodIsTheAuthors(t *testing.T) {
	d, b := open(t)
	defer func() {
		if recover() != "mine" || d.lent != 0 {
			t.Errorf("%d sessions are out", d.lent)
		}
	}()
	_, _ = query.One(t.Context(), b, read("SELECT 1"), func(r *query.Row, _ *int) { query.Get[panicking](r, 0) })
}

// panicking is a Scanner that panics.
type panicking struct{}

func (*panicking) Scan(any) error { panic("mine") }
