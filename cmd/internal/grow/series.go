package grow

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// stampLayout is how goose writes the time in the name of a migration, in UTC.
const stampLayout = "20060102150405"

// series is how the migrations of a folder are numbered: from 1 on, with zeros in front, or by
// the time at which they were made.
type series struct {
	last   int64
	width  int // of the last number, in digits
	stamps bool
}

// numbered matches the name of a migration, as goose does.
var numbered = regexp.MustCompile(`^([0-9]+)_(.*)\.sql$`)

// seriesOf reads the series off the names of files. Without any it begins with 00001.
func seriesOf(files []string) series {
	s := series{width: 5}
	for _, file := range files {
		parts := numbered.FindStringSubmatch(path.Base(file))
		if parts == nil {
			continue
		}
		number, err := strconv.ParseInt(parts[1], 10, 64)
		if err != nil || number < s.last {
			continue
		}
		_, err = time.Parse(stampLayout, parts[1])
		s = series{last: number, width: len(parts[1]), stamps: err == nil}
	}
	return s
}

// next returns the number of the next migration.
func (s series) next(now time.Time) string {
	if !s.stamps {
		return fmt.Sprintf("%0*d", s.width, s.last+1)
	}
	// The last may have been made in the same second, or by a clock that is ahead.
	if last, err := time.Parse(stampLayout, strconv.FormatInt(s.last, 10)); err == nil && !now.After(last.Add(time.Second)) {
		now = last.Add(time.Second)
	}
	return now.UTC().Format(stampLayout)
}

// numberOf returns the digits of a migration's number without zeros in front, or "" of another file.
func numberOf(file string) string {
	parts := numbered.FindStringSubmatch(path.Base(file))
	if parts == nil {
		return ""
	}
	return strings.TrimLeft(parts[1], "0")
}
