package query_test

import (
	"errors"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb/query"
)

// readFormats are the formats of [query.Row.Time].
var readFormats = []string{query.TimeFormat, time.DateTime, time.DateOnly, time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00"}

func FuzzTimesAreReadAsTheStandardLibraryReadsThem(f *testing.F) {
	_, b := open(f)
	echo := read("SELECT ?1")
	for _, text := range []string{
		"2024-02-29 13:14:15.678", "2023-02-29 13:14:15.678", "2024-02-30 00:00:00.000", "0000-01-01 00:00:00.000", "0000-02-29 23:59:59.999",
		"9999-12-31 23:59:59.999", "2024-00-10 00:00:00.000", "2024-13-10 00:00:00.000", "2024-01-00 00:00:00.000", "2024-01-32 00:00:00.000",
		"2024-01-01 24:00:00.000", "2024-01-01 23:60:00.000", "2024-01-01 23:59:60.000", "2024-04-31 00:00:00.000", "1900-02-29 00:00:00.000",
		"2024-01-01 00:00:00,000", "2024-01-01T00:00:00.000", "2024-01-01 00:00:00.00a", "2024-01-01 00:00:00.-01", "2024-01-01 00:00:00.00/",
		"2024-01-01 00:00:00.00:", "２024-01-01 00:00:00", "+024-01-01 00:00:00.000", "2024-1-01 00:00:00.0000", "2024-01-01 0:00:00.0000",
		"2024-01-01 00:00:00", "2024-01-01", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.123456789+23:59", "2024-01-01 00:00:00.5-10:30", "",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want time.Time
		reads := false
		for _, format := range readFormats {
			if at, err := time.Parse(format, text); err == nil {
				want, reads = at.UTC(), true
				break
			}
		}
		got, err := query.One(t.Context(), b, echo, scanTime, query.Text(text))
		var mismatch *query.MismatchError
		switch {
		case reads && (err != nil || got != want):
			t.Errorf("%q is read as %v, %v; want %v", text, got, err, want)
		case !reads && !errors.As(err, &mismatch):
			t.Errorf("%q is read as %v, %v", text, got, err)
		}
	})
}

func FuzzTimesAreWrittenAsTheStandardLibraryFormatsThem(f *testing.F) {
	_, b := open(f)
	echo := read("SELECT ?1")
	for _, at := range []time.Time{{}, time.Unix(0, 0), time.Unix(-1, 999_999_999), time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)} {
		for _, zone := range []int32{0, 3600, -14 * 3600, 1} {
			f.Add(at.Unix(), int64(at.Nanosecond()), zone)
		}
	}
	f.Fuzz(func(t *testing.T, seconds, nanoseconds int64, zone int32) {
		at := time.Unix(seconds, nanoseconds%1e9).In(time.FixedZone("", int(zone%86400)))
		got, err := query.One(t.Context(), b, echo, scanText, query.Time(at))
		if year := at.UTC().Year(); year < 0 || year > 9999 {
			if err == nil {
				t.Errorf("the year %d was stored, as %q", year, got)
			}
			return
		}
		if want := at.UTC().Format(query.TimeFormat); err != nil || got != want {
			t.Errorf("%v is stored as %q, %v; want %q", at, got, err, want)
		}
	})
}
