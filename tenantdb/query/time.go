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

// readFormats are the texts that are read as times: the one that is written
// first, then what CURRENT_TIMESTAMP, date() and other programs leave behind.
var readFormats = [...]string{TimeFormat, time.DateTime, time.DateOnly, time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00"}

// checkYear fails for years that would not be four digits wide.
func checkYear(t time.Time) error {
	if y := t.UTC().Year(); y < 0 || y > 9999 {
		return fmt.Errorf("the year %d of a time is not within 0 to 9999: check where the time comes from", y)
	}
	return nil
}

func parseTime(text string) (time.Time, bool) {
	for _, format := range readFormats {
		if t, err := time.Parse(format, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
