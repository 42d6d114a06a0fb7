package fleet

import (
	"fmt"
	"time"
)

// Period is how long the windows of a rollup are. They begin at full hours, days and months of
// UTC.
type Period int

// The periods that there are.
const (
	Hour Period = iota
	Day
	Month
)

// String returns hour, day or month.
func (p Period) String() string {
	switch p {
	case Hour:
		return "hour"
	case Day:
		return "day"
	case Month:
		return "month"
	}
	return fmt.Sprintf("Period(%d)", int(p))
}

// Window is a span of time: From is in it, Until is not. Both are UTC.
type Window struct{ From, Until time.Time }

// floor returns the beginning of the window that t is in.
func (p Period) floor(t time.Time) time.Time {
	t = t.UTC()
	switch p {
	case Day:
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	case Month:
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), 0, 0, 0, time.UTC)
}

// step returns the beginning of the nth window behind the one that begins at t, or before it.
func (p Period) step(t time.Time, n int) time.Time {
	switch p {
	case Day:
		return t.AddDate(0, 0, n)
	case Month:
		return t.AddDate(0, n, 0)
	}
	return t.Add(time.Duration(n) * time.Hour)
}

// windows returns those from the one that begins at from until the one that ends at until, at
// most so many.
func (p Period) windows(from, until time.Time, most int) (all []Window) {
	for from.Before(until) && len(all) < most {
		next := p.step(from, 1)
		all = append(all, Window{from, next})
		from = next
	}
	return all
}

// count returns how many windows there are from the one that begins at from until the one that
// ends at until.
func (p Period) count(from, until time.Time) int {
	if !from.Before(until) {
		return 0
	}
	switch p {
	case Day:
		return int(until.Sub(from) / (24 * time.Hour)) // days of UTC have no other length
	case Month:
		return 12*(until.Year()-from.Year()) + int(until.Month()-from.Month())
	}
	return int(until.Sub(from) / time.Hour)
}
