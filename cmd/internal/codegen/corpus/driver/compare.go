package driver

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// compare says how what a generated query gave differs from what its SQL gave by hand.
// It returns "" when it does not.
func compare(q Query, got, want outcome) string {
	if (got.err == nil) != (want.err == nil) {
		return fmt.Sprintf("error %v, by hand %v", got.err, want.err)
	}
	if got.class != want.class {
		return fmt.Sprintf("the error is of the class %q (%v), by hand %q (%v)", got.class, got.err, want.class, want.err)
	}
	if got.err == nil {
		if text := compareResults(q, got, want); text != "" {
			return text
		}
	}
	if got.stored != nil || want.stored != nil {
		return fmt.Sprintf("the tables cannot be read: %v, by hand %v", got.stored, want.stored)
	}
	return compareContents(got.after, want.after)
}

func compareResults(q Query, got, want outcome) string {
	switch q.Command {
	case ":one":
		for _, row := range want.rows {
			if sameRow(got.rows[0], row) {
				return ""
			}
			if ordered(q.Statement) {
				break
			}
		}
		return fmt.Sprintf("row %s, by hand %s", show(got.rows[0]), show(want.rows[0]))
	case ":many":
		return compareRows(q, got.rows, want.rows)
	case ":execrows":
		if got.count != want.count {
			return fmt.Sprintf("%d rows affected, by hand %d", got.count, want.count)
		}
	case ":execlastid":
		if got.last != want.last {
			return fmt.Sprintf("last id %d, by hand %d", got.last, want.last)
		}
	case ":execresult":
		if got.count != want.count || got.last != want.last {
			return fmt.Sprintf("%d rows affected and last id %d, by hand %d and %d", got.count, got.last, want.count, want.last)
		}
	}
	return ""
}

// compareRows compares rows in order; where the SQL asks for none, in any.
func compareRows(q Query, got, want [][]any) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d rows, by hand %d", len(got), len(want))
	}
	if slices.EqualFunc(got, want, sameRow) {
		return ""
	}
	left := slices.Clone(want)
	for _, row := range got {
		at := slices.IndexFunc(left, func(other []any) bool { return sameRow(row, other) })
		if at < 0 {
			return fmt.Sprintf("row %s is not among those by hand, such as %s", show(row), show(left[0]))
		}
		left = slices.Delete(left, at, at+1)
	}
	if ordered(q.Statement) {
		return "the rows are in another order than by hand"
	}
	return ""
}

// ordered reports whether SQL asks for an order anywhere.
func ordered(s Statement) bool { return s.mentions("order by", "order\n") }

func sameRow(got, want []any) bool {
	return slices.EqualFunc(got, want, same)
}

// same compares a generated value with the driver's. Kinds must agree, but for what the
// documentation says: a float reads an integer, a bool 0 and 1, a time its text.
func same(got, want any) bool {
	if at, ok := got.(time.Time); ok {
		return sameTime(at, want)
	}
	switch want := want.(type) {
	case nil:
		b, ok := got.([]byte)
		return got == nil || ok && b == nil
	case bool:
		return got == want
	case int64:
		switch got := got.(type) {
		case int64:
			return got == want || clockNumbers(float64(got), float64(want))
		case float64:
			return got == float64(want)
		case bool:
			return got == (want == 1) && (want == 0 || want == 1)
		case string:
			return got == strconv.FormatInt(want, 10) // JSON that is a number
		}
	case float64:
		switch got := got.(type) {
		case float64:
			return got == want || math.IsNaN(got) && math.IsNaN(want) || clockNumbers(got, want)
		case string:
			number, err := strconv.ParseFloat(got, 64)
			return err == nil && number == want
		}
	case string:
		switch got := got.(type) {
		case string:
			return got == want || clockTexts(got, want)
		case []byte:
			return string(got) == want
		}
	case []byte:
		switch got := got.(type) {
		case []byte:
			return bytes.Equal(got, want)
		case nil:
			return len(want) == 0
		}
	case time.Time:
		// The driver parses the text of a column that is declared as a date.
		if text, ok := got.(string); ok {
			at, ok := parseTime(text)
			return ok && (at.Equal(want) || fromClock(at, want))
		}
	}
	return false
}

func sameTime(got time.Time, want any) bool {
	switch want := want.(type) {
	case time.Time:
		return got.Equal(want) || fromClock(got, want)
	case string:
		at, ok := parseTime(want)
		return ok && (got.Equal(at) || fromClock(got, at))
	case int64:
		return got.UnixMilli() == want || got.Unix() == want
	default:
		return false
	}
}

var timeLayouts = []string{
	"2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999", time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04", "2006-01-02T15:04", time.DateOnly,
}

func parseTime(text string) (time.Time, bool) {
	for _, layout := range timeLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// What the clock says differs between two runs. Values of now are taken for equal, and so
// are those of some days from now when no more than the time of a run is between them.

func fromClock(a, b time.Time) bool {
	return recent(a) && recent(b) || a.Sub(b).Abs() < aRun && daysAway(a)
}

const (
	day  = 24 * time.Hour
	aRun = time.Minute
)

func recent(at time.Time) bool { return time.Since(at).Abs() < day }

// daysAway reports whether a time is of the hour and minute that it is now, some years away
// at most.
func daysAway(at time.Time) bool {
	const most = 10 * 366 * day
	away := time.Since(at).Abs()
	return away < most && (away%day < aRun || day-away%day < aRun)
}

var clockTime = regexp.MustCompile(`^\d\d:\d\d:\d\d(\.\d+)?$`)

func clockTexts(a, b string) bool {
	x, okX := parseTime(a)
	y, okY := parseTime(b)
	return okX && okY && fromClock(x, y)
}

// clockNumbers compares numbers that may be seconds, or parts of them, since 1970, or days
// as julianday() counts them.
func clockNumbers(a, b float64) bool {
	const julian1970 = 2440587.5
	for _, unit := range []float64{1e9, 1e6, 1e3, 1} {
		if fromClock(time.UnixMicro(int64(a*1e6/unit)), time.UnixMicro(int64(b*1e6/unit))) {
			return true
		}
	}
	ofDays := func(n float64) time.Time {
		return time.UnixMicro(int64((n - julian1970) * float64(day/time.Microsecond)))
	}
	return fromClock(ofDays(a), ofDays(b))
}

// compareContents compares what tables hold after a write.
func compareContents(got, want []string) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d rows are in the tables afterwards, by hand %d", len(got), len(want))
	}
	// Rows are sorted by values that may be the clock's: what differs is matched again.
	var extra, missing []string
	count := map[string]int{}
	for _, row := range want {
		count[row]++
	}
	for _, row := range got {
		if count[row] > 0 {
			count[row]--
		} else {
			extra = append(extra, row)
		}
	}
	for _, row := range want {
		if count[row] > 0 {
			count[row]--
			missing = append(missing, row)
		}
	}
	for _, row := range extra {
		at := slices.IndexFunc(missing, func(other string) bool { return sameStored(row, other) })
		if at < 0 {
			return fmt.Sprintf("the row %s is in the tables afterwards, by hand %s", row, missing[0])
		}
		missing = slices.Delete(missing, at, at+1)
	}
	return ""
}

// sameStored compares rows as quote() writes them, but for the clock.
func sameStored(a, b string) bool {
	as, bs := strings.Split(a, "|"), strings.Split(b, "|")
	return slices.EqualFunc(as, bs, func(a, b string) bool {
		if a == b {
			return true
		}
		x, errX := strconv.ParseFloat(a, 64)
		y, errY := strconv.ParseFloat(b, 64)
		if errX == nil && errY == nil {
			return clockNumbers(x, y)
		}
		a, b = strings.Trim(a, "'"), strings.Trim(b, "'")
		return clockTexts(a, b) || clockTime.MatchString(a) && clockTime.MatchString(b)
	})
}

// show prints values for a message.
func show(row []any) string {
	var all []string
	for _, value := range row {
		switch value := value.(type) {
		case string:
			all = append(all, strconv.Quote(value))
		case []byte:
			all = append(all, fmt.Sprintf("x'%x'", value))
		case int64, float64, bool, nil:
			all = append(all, fmt.Sprint(value))
		default:
			all = append(all, fmt.Sprintf("%T %v", value, value))
		}
	}
	return "(" + strings.Join(all, ", ") + ")"
}
