package query

import (
	"fmt"
	"time"
)

// TimeFormat is the text that times are stored as, always in UTC: of one width,
// so that it compares as text, and one of those that SQLite's date functions read
// (https://www.sqlite.org/lang_datefunc.html). In SQL the present time in it is
// strftime('%Y-%m-%d %H:%M:%f', 'now'). What is finer than a millisecond is cut off.
const TimeFormat = "2006-01-02 15:04:05.000"

// otherFormats are the texts that are read as times too: what CURRENT_TIMESTAMP, date()
// and other programs leave behind.
var otherFormats = [...]string{TimeFormat, time.DateTime, time.DateOnly, time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00"}

// checkYear fails for years that would not be four digits wide.
func checkYear(t time.Time) error {
	if y := t.UTC().Year(); y < 0 || y > 9999 {
		return fmt.Errorf("the year %d of a time is not within 0 to 9999: check where the time comes from", y)
	}
	return nil
}

func parseTime(text []byte) (time.Time, bool) {
	if t, ok := parseFixed(text); ok {
		return t, true
	}
	for _, format := range otherFormats {
		if t, err := time.Parse(format, string(text)); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// parseFixed reads a text in TimeFormat. What it does not take is left to time.Parse,
// with which it agrees on all that it does.
func parseFixed(b []byte) (time.Time, bool) {
	if len(b) != len(TimeFormat) || b[4] != '-' || b[7] != '-' || b[10] != ' ' || b[13] != ':' || b[16] != ':' || b[19] != '.' {
		return time.Time{}, false
	}
	bad := 0
	number := func(from, to int) (n int) {
		for _, c := range b[from:to] {
			digit := int(c) - '0'
			bad |= digit | (9 - digit) // below 0 where it is no digit
			n = 10*n + digit
		}
		return n
	}
	year, month, day := number(0, 4), number(5, 7), number(8, 10)
	hour, minute, second, milli := number(11, 13), number(14, 16), number(17, 19), number(20, 23)
	if bad < 0 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	if day > daysIn(year, month) {
		return time.Time{}, false
	}
	seconds := int64(daysSince1970(year, month, day))*86400 + int64(hour*3600+minute*60+second)
	return time.Unix(seconds, int64(milli)*int64(time.Millisecond)).UTC(), true
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysSince1970 counts the days to a date of the Gregorian calendar, of a year from 0 on.
// Years are counted from March, so that a leap day is a year's last, and days from 1 March
// of the year -400. [time.Date] does it for all years and takes three times as long.
func daysSince1970(year, month, day int) int {
	const from = 865565 // 1 March -400 to 1 January 1970
	year += 400
	if month -= 3; month < 0 {
		month += 12
		year--
	}
	return year*365 + year/4 - year/100 + year/400 + (153*month+2)/5 + day - 1 - from
}

// appendTime appends a time of UTC in TimeFormat.
func appendTime(to []byte, t time.Time) []byte {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	two := func(n int) { to = append(to, byte('0'+n/10), byte('0'+n%10)) }
	two(year / 100)
	two(year % 100)
	to = append(to, '-')
	two(int(month))
	to = append(to, '-')
	two(day)
	to = append(to, ' ')
	two(hour)
	to = append(to, ':')
	two(minute)
	to = append(to, ':')
	two(second)
	milli := t.Nanosecond() / int(time.Millisecond)
	to = append(to, '.', byte('0'+milli/100))
	two(milli % 100)
	return to
}
