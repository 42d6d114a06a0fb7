package query_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb/query"
)

func scanDate(row *query.Row, v *time.Time) { *v = row.Date(0) }

func TestDatesAreStoredAsSQLiteWritesThemAndComeBack(t *testing.T) {
	_, b := open(t)
	days := int(time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC).Sub(time.Date(9900, 1, 1, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	rapid.Check(t, func(rt *rapid.T) {
		year := rapid.IntRange(0, 9900).Draw(rt, "year")
		at := time.Date(year, 1, 1+rapid.IntRange(0, days).Draw(rt, "day"), 0, 0, 0, 0, time.UTC)
		same, err := query.One(t.Context(), b, read("SELECT ?1 = date(?1) AND length(?1) = 10"), scanBool, query.Date(at))
		if err != nil || !same {
			rt.Fatalf("%v is not stored as SQLite's date() writes it: %v", at, err)
		}
		got, err := echo(t, b, query.Date(at), (*query.Row).Date)
		if err != nil || got != at {
			rt.Fatalf("%v came back as %v, %v", at, got, err)
		}
		zoned := at.In(time.FixedZone("", 3600*rapid.IntRange(-12, 14).Draw(rt, "zone"))) // the same instant
		maybe, err := echo(t, b, query.NullDate(&zoned), (*query.Row).NullDate)
		if err != nil || maybe == nil || *maybe != at {
			rt.Fatalf("%v came back as %v, %v", zoned, maybe, err)
		}
	})
	if null, err := echo(t, b, query.NullDate(nil), (*query.Row).NullDate); err != nil || null != nil {
		t.Errorf("nil came back as %v, %v", null, err)
	}
}

func scanBool(row *query.Row, v *bool) { *v = row.Bool(0) }

func TestATimeOfDayIsNoDate(t *testing.T) {
	_, b := open(t, "CREATE TABLE t (a)")
	midnight := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	for _, at := range []time.Time{
		midnight.Add(1), midnight.Add(time.Second), midnight.Add(time.Minute), midnight.Add(13 * time.Hour),
		time.Date(2024, 2, 29, 0, 0, 0, 0, time.FixedZone("", 3600)),
	} {
		err := query.Exec(t.Context(), b, write("INSERT INTO t VALUES (?1)"), query.Date(at))
		if err == nil || !strings.Contains(err.Error(), "argument 1: 2024-02-29T") || !strings.Contains(err.Error(), "is not midnight in UTC") {
			t.Errorf("%v as a date: %v", at, err)
		}
	}
	if err := query.Exec(t.Context(), b, write("INSERT INTO t VALUES (?1)"), query.Date(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC))); err == nil {
		t.Error("a date of five digits for the year was stored")
	}
}

func TestDatesAreReadInTheFormsOfTimesAtMidnight(t *testing.T) {
	_, b := open(t)
	for _, text := range []string{"2024-02-29", "2024-02-29 00:00:00.000", "2024-02-29 00:00:00", "2024-02-29T00:00:00Z", "2024-02-29 00:00:00+00:00"} {
		got, err := query.One(t.Context(), b, read("SELECT ?1"), scanDate, query.Text(text))
		if want := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC); err != nil || got != want {
			t.Errorf("%q is read as %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "29.02.2024", "2023-02-29", "2024-02-29 00:00:00.001", "2024-02-29T00:00:00+02:00"} {
		if got, err := query.One(t.Context(), b, read("SELECT ?1"), scanDate, query.Text(text)); err == nil {
			t.Errorf("%q is read as the date %v", text, got)
		}
	}
	if _, err := query.One(t.Context(), b, read("SELECT ?1"), scanDate, query.Int(20240229)); err == nil {
		t.Error("an INTEGER is read as a date")
	}
}
