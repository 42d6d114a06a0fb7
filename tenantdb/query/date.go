package query

import (
	"fmt"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Date is a TEXT such as 2006-01-02, the day on which v is midnight in UTC. The query
// fails for every other time of day: which day that is depends on where one stands, so
// nothing is cut off. It fails for years outside 0 to 9999 too.
func Date(v time.Time) Value {
	if err := checkYear(v); err != nil {
		return invalidValue(err)
	}
	if !isDate(v) {
		return invalidValue(fmt.Errorf("%s is not midnight in UTC, so no date: give time.Date(year, month, day, 0, 0, 0, 0, time.UTC)", v.Format(time.RFC3339Nano)))
	}
	return Text(v.UTC().Format(time.DateOnly))
}

// NullDate is a TEXT as of [Date], or NULL for nil.
func NullDate(v *time.Time) Value { return nullable(v, Date) }

// Date returns a TEXT such as 2006-01-02 as midnight of that day in UTC. The forms that
// [Row.Time] reads are read too where they say midnight in UTC; another time of day is
// a mismatch.
func (r *Row) Date(i int) time.Time {
	v := r.at(i)
	if got := v.Type(); got != sqlite.Text {
		r.holds(i, got, sqlite.Text)
		return time.Time{}
	}
	t, ok := parseTime(v.Bytes())
	if !ok || !isDate(t) {
		r.mismatch(i, "the text "+quote(string(v.Bytes())), "a date such as "+time.DateOnly)
		return time.Time{}
	}
	return t
}

// NullDate returns a date as of [Row.Date], or nil for NULL.
func (r *Row) NullDate(i int) *time.Time { return unlessNull(r, i, (*Row).Date) }

// isDate reports whether a time is midnight in UTC.
func isDate(t time.Time) bool {
	t = t.UTC()
	hour, minute, second := t.Clock()
	return hour == 0 && minute == 0 && second == 0 && t.Nanosecond() == 0
}
