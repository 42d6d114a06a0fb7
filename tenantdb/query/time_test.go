package query_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb/query"
)

func scanTime(row *query.Row, v *time.Time) { *v = row.Time(0) }

// anyTime draws times of the years that may be stored, in any zone.
func anyTime(t *rapid.T, label string) time.Time {
	first, last := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
	at := time.Unix(rapid.Int64Range(first.Unix(), last.Unix()).Draw(t, label), rapid.Int64Range(0, 999_999_999).Draw(t, label+" nanoseconds"))
	zone := rapid.IntRange(-14*3600, 14*3600).Draw(t, label+" zone")
	return at.In(time.FixedZone("", zone))
}

func TestTimesComeBackToTheMillisecondAndCompareAsText(t *testing.T) {
	_, b := open(t)
	text, back := read("SELECT ?1"), read("SELECT ?1")
	rapid.Check(t, func(rt *rapid.T) {
		a, z := anyTime(rt, "a"), anyTime(rt, "b")
		var texts [2]string
		for i, at := range [2]time.Time{a, z} {
			var err error
			if texts[i], err = query.One(t.Context(), b, text, scanText, query.Time(at)); err != nil {
				rt.Fatal(err)
			}
			want := cut(at)
			got, err := query.One(t.Context(), b, back, scanTime, query.Time(at))
			if err != nil || !got.Equal(want) || got.Location() != time.UTC {
				rt.Fatalf("%v came back as %v, %v", at, got, err)
			}
			if len(texts[i]) != len(query.TimeFormat) {
				rt.Fatalf("%v is stored as %q", at, texts[i])
			}
		}
		if byText, byTime := strings.Compare(texts[0], texts[1]), cut(a).Compare(cut(z)); byText != byTime {
			rt.Fatalf("%q compares with %q as %d, the times as %d", texts[0], texts[1], byText, byTime)
		}
	})
}

// cut takes off what is finer than a millisecond. Not by Truncate, which counts
// from the year 1 and rounds towards it.
func cut(t time.Time) time.Time { return t.Add(-time.Duration(t.Nanosecond() % 1e6)) }

func TestSQLiteReadsTheTimesThatAreWritten(t *testing.T) {
	_, b := open(t)
	sql := read("SELECT strftime('%Y-%m-%d %H:%M:%f', ?1)")
	rapid.Check(t, func(rt *rapid.T) {
		at := anyTime(rt, "at")
		got, err := query.One(t.Context(), b, sql, scanText, query.Time(at))
		if want := at.UTC().Format("2006-01-02 15:04:05.000"); err != nil || got != want {
			rt.Fatalf("SQLite reads %q as %q, %v", want, got, err)
		}
	})
}

func TestTimesAreReadInTheFormsThatSQLiteAndOtherProgramsWrite(t *testing.T) {
	_, b := open(t)
	at := func(hour, minute, second, nanosecond int) time.Time {
		return time.Date(2024, 2, 29, hour, minute, second, nanosecond, time.UTC)
	}
	for text, want := range map[string]time.Time{
		"2024-02-29 13:14:15.678":             at(13, 14, 15, 678e6),
		"2024-02-29 13:14:15":                 at(13, 14, 15, 0),
		"2024-02-29 13:14:15.123456789":       at(13, 14, 15, 123456789),
		"2024-02-29":                          at(0, 0, 0, 0),
		"2024-02-29T13:14:15Z":                at(13, 14, 15, 0),
		"2024-02-29T13:14:15.5Z":              at(13, 14, 15, 5e8),
		"2024-02-29T13:14:15+02:00":           at(11, 14, 15, 0),
		"2024-02-29 13:14:15.123456789+02:00": at(11, 14, 15, 123456789),
		"2024-02-29 13:14:15-10:30":           at(23, 44, 15, 0),
		"2024-02-29 13:14:15Z":                at(13, 14, 15, 0),
	} {
		got, err := query.One(t.Context(), b, read("SELECT ?1"), scanTime, query.Text(text))
		if err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s is read as %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "now", "2024", "2023-02-29", "2024-13-01", "2024-02-29 25:00:00", "2024-02-29 13:14", "1709212455", "2024-02-29 13:14:15.000 ", "29.02.2024", "20240229T131415Z",
	} {
		if got, err := query.One(t.Context(), b, read("SELECT ?1"), scanTime, query.Text(text)); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestSQLitesOwnClockIsRead(t *testing.T) {
	_, b := open(t)
	for _, sql := range []string{"CURRENT_TIMESTAMP", "CURRENT_DATE", "strftime('%Y-%m-%d %H:%M:%f', 'now')", "datetime('now')", "datetime('now', 'subsec')", "date('now')"} {
		before := time.Now().UTC().Truncate(24 * time.Hour)
		got, err := query.One(t.Context(), b, read("SELECT "+sql), scanTime)
		if err != nil || got.Before(before) || got.After(time.Now()) {
			t.Errorf("%s is read as %v, %v", sql, got, err)
		}
	}
}

func TestYearsThatAreNotFourDigitsWideAreRefused(t *testing.T) {
	d, b := open(t, "CREATE TABLE t (a)")
	west, east := time.FixedZone("", -3600), time.FixedZone("", 3600)
	for _, at := range []time.Time{
		time.Date(-1, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(9999, 12, 31, 23, 30, 0, 0, west), time.Date(0, 1, 1, 0, 30, 0, 0, east), time.Unix(1<<50, 0),
	} {
		for name, value := range map[string]query.Value{"Time": query.Time(at), "NullTime": query.NullTime(&at)} {
			err := query.Exec(t.Context(), b, write("INSERT INTO t VALUES (?1)"), value)
			if err == nil || !strings.Contains(err.Error(), "argument 1: the year ") {
				t.Errorf("%s of %v: %v", name, at, err)
			}
		}
	}
	if n := d.conn.Changes(); n != 0 {
		t.Errorf("%d rows were written", n)
	}
}
