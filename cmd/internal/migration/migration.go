// Package migration makes the next file of a folder of goose migrations.
package migration

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

var (
	// ErrBadName is returned for a name that a file of migrations does not have.
	ErrBadName = errors.New("a migration's name has a-z, 0-9 and _ only")

	// ErrBadFolder is returned for a folder whose files do not say which number is next.
	ErrBadFolder = errors.New("no folder of migrations")
)

// Skeleton is what a new file holds. goose reads what is under each of the two marks.
const Skeleton = `-- +goose Up

-- +goose Down
`

var (
	named    = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)
	numbered = regexp.MustCompile(`^(\d+)_.*\.sql$`)
)

// stampWidth is how many digits a number has that is a time, as goose's own command makes them.
const stampWidth = len(stampLayout)

const stampLayout = "20060102150405"

// firstWidth is how many digits the numbers of a folder have that is empty.
const firstWidth = 5

// Next returns the path that the next migration of that name has in the folder. Numbers go on, in the width that they
// have; where they are times, it is the present one.
func Next(folder, name string, now time.Time) (string, error) {
	if !named.MatchString(name) {
		return "", fmt.Errorf("%w: %q", ErrBadName, name)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", err
	}
	highest, width := int64(0), firstWidth
	for _, e := range entries {
		found := numbered.FindStringSubmatch(e.Name())
		if found == nil {
			continue
		}
		n, err := strconv.ParseInt(found[1], 10, 64)
		if err != nil {
			return "", fmt.Errorf("%w: %s: %w", ErrBadFolder, filepath.Join(folder, e.Name()), err)
		}
		if n > highest {
			highest, width = n, len(found[1])
		}
	}
	next := highest + 1
	if width == stampWidth {
		stamp, err := strconv.ParseInt(now.UTC().Format(stampLayout), 10, 64)
		if err != nil {
			return "", err
		}
		next = max(next, stamp)
	}
	number := fmt.Sprintf("%0*d", width, next)
	if len(number) > width {
		return "", fmt.Errorf("%w: behind %d, numbers of %d digits are used up: files are read in the order of their names; write the numbers of all with more digits", ErrBadFolder, highest, width)
	}
	return filepath.Join(folder, number+"_"+name+".sql"), nil
}

// Create makes the file. One that exists is not replaced.
func Create(path string) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(Skeleton)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
